/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import io.vmallocfleet.schemas.AddressMode;
import io.vmallocfleet.schemas.AddressWindow;
import io.vmallocfleet.schemas.CallerUsage;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.Region;
import io.vmallocfleet.schemas.SpoolOccupancy;
import java.util.Map;
import javax.annotation.Nullable;

/**
 * One host: what lists and sums need as numbers, its last record as bytes, the last windows fine
 * and a day coarse. About 4 KiB, because there may be 100,000 of them.
 */
final class HostEntry {
  static final int BYTES = 0;
  static final int MAPPED = 1;
  static final int LARGEST_HOLE = 2;

  /** Columns of {@link #recent} from here on are the callers of {@link #callers}. */
  static final int FIRST_CALLER = 3;

  static final int CALLERS = 4;
  static final int RECENT = 40;

  final String id;
  String hostname = "";
  int cohort;
  long window = Long.MIN_VALUE;
  long windowEndMillis;
  long takenAtMillis;
  long bytes;
  long areas;
  long mappedBytes;
  long unpurgedBytes;
  long largestHoleBytes = -1;
  float unusable = Float.NaN;
  float headroomUsed = Float.NaN;
  long lostSnapshots;
  long clockAheadMillis;
  int malformedLines;
  long spoolSnapshots;
  long spoolBytes;

  /** 0 where the agent does not tell. */
  long spoolMaxBytes;

  /** Memory against the oldest of the recent windows it was seen in, NaN with only one. */
  double changeBytes = Double.NaN;

  boolean blind;
  AddressMode addressMode = AddressMode.UNKNOWN;
  Map<String, String> labels = Map.of();
  byte[] record = {};

  /** Numbers of the callers that have a column; -1 for a free one. */
  final int[] callers = {-1, -1, -1, -1};

  final Ring recent = new Ring(FIRST_CALLER + CALLERS, RECENT, 1);

  /** A window in fifteen: 24 h of minutes in 96 values. */
  final Ring coarse = new Ring(2, Windows.KEPT / 15, 15);

  HostEntry(String id) {
    this.id = id;
  }

  void update(HostWindow record, long window, int cohort, Map<String, String> labels) {
    this.window = window;
    this.cohort = cohort;
    this.labels = labels;
    windowEndMillis = record.getWindowEnd().toEpochMilli();
    takenAtMillis = record.getTakenAt().toEpochMilli();
    bytes = record.getBytes();
    areas = record.getAreas();
    mappedBytes = record.getMappedBytes();
    unpurgedBytes = record.getUnpurgedBytes();
    lostSnapshots = record.getLostSnapshots();
    clockAheadMillis = record.getClockAheadMs();
    malformedLines = record.getMalformedLines();
    blind = record.getBlind() != null;
    addressMode = record.getAddressMode();
    readShape(record);
    readSpool(record.getSpool());
    recent.set(window, BYTES, bytes);
    recent.set(window, MAPPED, mappedBytes);
    recent.set(window, LARGEST_HOLE, largestHoleBytes < 0 ? Double.NaN : largestHoleBytes);
    coarse.set(window, BYTES, bytes);
    coarse.set(window, MAPPED, mappedBytes);
    changeBytes = change();
  }

  private void readSpool(@Nullable SpoolOccupancy spool) {
    spoolSnapshots = spool == null ? 0 : spool.getSnapshots();
    spoolBytes = spool == null ? 0 : spool.getBytes();
    spoolMaxBytes = spool == null ? 0 : spool.getMaxBytes();
  }

  /** Share of the spool's bound that is used, NaN where the agent does not tell. */
  double spoolUsed() {
    return spoolMaxBytes == 0 ? Double.NaN : (double) spoolBytes / spoolMaxBytes;
  }

  private double change() {
    for (int back = RECENT - 1; back > 0; back--) {
      float before = recent.at(window - back, BYTES);
      if (!Float.isNaN(before)) {
        return bytes - (double) before;
      }
    }
    return Double.NaN;
  }

  private void readShape(HostWindow record) {
    largestHoleBytes = -1;
    unusable = Float.NaN;
    headroomUsed = Float.NaN;
    for (AddressWindow window : record.getWindows()) {
      if (window.getRegion() == Region.VMALLOC && window.getLargestHoleBytes() != null) {
        largestHoleBytes = window.getLargestHoleBytes();
        if (window.getUnusableFreeSpace() != null) {
          window.getUnusableFreeSpace().stream()
              .mapToDouble(index -> index.getIndex())
              .max()
              .ifPresent(worst -> unusable = (float) worst);
        }
      }
    }
    long total = record.getMemory().getVmallocTotalBytes();
    if (total > 0) {
      headroomUsed = (float) record.getMappedBytes() / total;
    }
  }

  /** Bytes of the largest callers, each in a column it keeps as long as it is among them. */
  void track(HostWindow record, java.util.function.ToIntFunction<CallerUsage> number) {
    int count = Math.min(CALLERS, record.getTopCallers().size());
    int[] largest = new int[count];
    for (int i = 0; i < count; i++) {
      largest[i] = number.applyAsInt(record.getTopCallers().get(i));
    }
    for (int column = 0; column < CALLERS; column++) {
      if (indexOf(largest, callers[column]) < 0) {
        callers[column] = -1;
      }
    }
    for (int i = 0; i < count; i++) {
      int column = indexOf(callers, largest[i]);
      if (column < 0) {
        column = indexOf(callers, -1);
        callers[column] = largest[i];
        for (int back = 0; back < RECENT; back++) {
          recent.set(window - back, FIRST_CALLER + column, Double.NaN);
        }
      }
      recent.set(window, FIRST_CALLER + column, record.getTopCallers().get(i).getBytes());
    }
  }

  private static int indexOf(int[] values, int value) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] == value) {
        return i;
      }
    }
    return -1;
  }
}
