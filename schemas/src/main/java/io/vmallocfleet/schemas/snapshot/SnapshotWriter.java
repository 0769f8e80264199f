/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.schemas.snapshot;

import io.vmallocfleet.schemas.SingleObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.TreeMap;

/**
 * Writes one snapshot after another as single-object bytes, without an object per area. A call site
 * before what refers to it, areas in order (each followed by its nodes, then its unknown words),
 * churn at any time, then {@link #finish}. Reusable, not thread safe.
 */
public final class SnapshotWriter {
  /** Bytes of a snapshot that fit {@code max.message.bytes} of the topic with room for framing. */
  public static final int DEFAULT_MAX_BYTES = 8 * 1024 * 1024 - 64 * 1024;

  /**
   * CRC-64-AVRO of the schema written here, so that the agent need not load Avro to compute it. A
   * test compares it with {@code VmallocSnapshot.avsc}.
   */
  static final long SCHEMA_FINGERPRINT = 0xebf32c35b237defbL;

  private static final byte[] MARKER = header(SCHEMA_FINGERPRINT);

  private static final int HEADER_RESERVE = 64 * 1024;

  private final int maxBytes;
  private final AvroOutput callSites = new AvroOutput();
  private final AvroOutput areas = new AvroOutput();
  private final AvroOutput churn = new AvroOutput();
  private final AvroOutput record = new AvroOutput();
  private int callSiteCount;
  private int areaCount;
  private int omittedCount;
  private int churnCount;
  private OpenArray open = OpenArray.NONE;

  /** The array of the last area that may still grow. */
  private enum OpenArray {
    NONE,
    NUMA,
    WORDS
  }

  /**
   * @param maxBytes largest record to produce; areas that would pass it are omitted and counted
   */
  public SnapshotWriter(int maxBytes) {
    if (maxBytes <= HEADER_RESERVE) {
      throw new IllegalArgumentException(
          "a snapshot needs more than " + HEADER_RESERVE + " bytes, not " + maxBytes);
    }
    this.maxBytes = maxBytes;
  }

  /** Single-object marker and fingerprint, without Avro. */
  static byte[] header(long fingerprint) {
    return ByteBuffer.allocate(SingleObject.HEADER_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0xC3)
        .put((byte) 0x01)
        .putLong(fingerprint)
        .array();
  }

  /** Adds a dictionary entry and returns its index; offset and function size -1 if not printed. */
  public int callSite(
      String function, String module, String suffix, long offset, long functionSize) {
    callSites.writeString(function);
    callSites.writeString(module);
    callSites.writeString(suffix);
    callSites.writeLong(offset);
    callSites.writeLong(functionSize);
    return callSiteCount++;
  }

  /** What {@link #callSite(byte[])} takes: encoded once, for whoever writes it again and again. */
  public static byte[] encodedCallSite(
      String function, String module, String suffix, long offset, long functionSize) {
    var encoded = new AvroOutput();
    encoded.writeString(function);
    encoded.writeString(module);
    encoded.writeString(suffix);
    encoded.writeLong(offset);
    encoded.writeLong(functionSize);
    return encoded.toByteArray();
  }

  /** Adds a dictionary entry and returns its index. */
  public int callSite(byte[] encoded) {
    callSites.write(encoded, encoded.length);
    return callSiteCount++;
  }

  /**
   * What {@link #area(int, Region, long, byte[])} takes: all of an area that does not change while
   * it lives.
   *
   * @param node NUMA node of all its pages; -1 where none is printed
   */
  public static byte[] encodedArea(long size, long pages, int flags, long phys, int node) {
    var encoded = new AvroOutput();
    encoded.writeLong(size);
    encoded.writeLong(pages);
    encoded.writeLong(flags);
    encoded.writeLong(phys);
    if (node >= 0) {
      encoded.writeLong(1);
      encoded.writeLong(node);
      encoded.writeLong(pages);
    }
    encoded.writeLong(0); // nodes
    encoded.writeLong(0); // words
    return encoded.toByteArray();
  }

  /**
   * Adds an area encoded before; neither nodes nor words may follow.
   *
   * @return false if the record is full: the area is omitted
   */
  public boolean area(int callSite, Region region, long gap, byte[] encoded) {
    closeArea();
    if (isFull()) {
      omittedCount++;
      return false;
    }
    areas.write(callSite, region.ordinal(), gap, encoded);
    areaCount++;
    return true;
  }

  /**
   * Adds an area; fields as in {@code VmallocSnapshot.avsc}.
   *
   * @return false if the record is full: the area is omitted, and so must be its nodes and words
   */
  public boolean area(
      int callSite, Region region, long gap, long size, long pages, int flags, long phys) {
    closeArea();
    if (isFull()) {
      omittedCount++;
      return false;
    }
    areas.writeLong(callSite);
    areas.writeLong(region.ordinal());
    areas.writeLong(gap);
    areas.writeLong(size);
    areas.writeLong(pages);
    areas.writeLong(flags);
    areas.writeLong(phys);
    areaCount++;
    open = OpenArray.NUMA;
    return true;
  }

  /** Pages of the last area on one NUMA node. */
  public void node(int node, long pages) {
    if (open != OpenArray.NUMA) {
      throw new IllegalStateException("nodes come after their area and before its words");
    }
    areas.writeLong(1);
    areas.writeLong(node);
    areas.writeLong(pages);
  }

  /** A word of the last area that is not in {@link AreaFlags}. */
  public void word(String word) {
    if (open == OpenArray.NONE) {
      throw new IllegalStateException("words come after their area");
    }
    if (open == OpenArray.NUMA) {
      areas.writeLong(0);
      open = OpenArray.WORDS;
    }
    areas.writeLong(1);
    areas.writeString(word);
  }

  /** Areas of a call site that came and went since the previous snapshot. */
  public void churn(int callSite, int added, int removed) {
    churn.writeLong(callSite);
    churn.writeLong(added);
    churn.writeLong(removed);
    churnCount++;
  }

  /** Areas left out so far because the record is full. */
  public int omitted() {
    return omittedCount;
  }

  /** The record with that header, and an empty writer again. */
  public byte[] finish(SnapshotHeader header) {
    closeArea();
    record.clear();
    record.write(MARKER, MARKER.length);
    writeHeader(header);
    writeArray(callSiteCount, callSites);
    writeArray(areaCount, areas);
    writeArray(churnCount, churn);
    byte[] bytes = record.toByteArray();
    reset();
    return bytes;
  }

  private boolean isFull() {
    return HEADER_RESERVE + callSites.length() + churn.length() + areas.length() > maxBytes;
  }

  private void closeArea() {
    if (open == OpenArray.NUMA) {
      areas.writeLong(0);
    }
    if (open != OpenArray.NONE) {
      areas.writeLong(0);
    }
    open = OpenArray.NONE;
  }

  private void reset() {
    callSites.clear();
    areas.clear();
    churn.clear();
    callSiteCount = 0;
    areaCount = 0;
    omittedCount = 0;
    churnCount = 0;
  }

  private void writeHeader(SnapshotHeader header) {
    writeHost(header.host());
    record.writeString(header.agentRun());
    record.writeLong(header.sequence());
    record.writeLong(header.takenAtMicros());
    record.writeLong(header.readMicros());
    record.writeLong(header.parseMicros());
    record.writeLong(header.addressMode().ordinal());
    writeBlind(header.blindReason());
    record.writeLong(header.droppedBefore());
    record.writeLong(header.skippedBefore());
    record.writeLong(header.malformedLines());
    writeStrings(header.malformedSamples());
    record.writeLong(header.duplicateLines());
    record.writeLong(header.omittedAreas());
    HostBudget budget = header.budget();
    record.writeLong(budget.memTotalBytes());
    record.writeLong(budget.vmallocTotalBytes());
    record.writeLong(budget.vmallocUsedBytes());
    record.writeLong(budget.percpuBytes());
    record.writeLong(budget.bpfJitLimitBytes());
    writeSpool(header.spool());
  }

  private void writeHost(HostIdentity host) {
    record.writeString(host.id());
    record.writeString(host.hostname());
    record.writeString(host.bootId());
    record.writeString(host.kernelRelease());
    record.writeString(host.kernelBuild());
    record.writeString(host.architecture());
    record.writeLong(host.pageSize());
    record.writeLong(host.possibleCpus());
    if (!host.labels().isEmpty()) {
      record.writeLong(host.labels().size());
      // By name: the order of an immutable map is another in every JVM.
      new TreeMap<>(host.labels())
          .forEach(
              (name, value) -> {
                record.writeString(name);
                record.writeString(value);
              });
    }
    record.writeLong(0);
  }

  private void writeBlind(String reason) {
    if (reason.isEmpty()) {
      record.writeLong(0);
    } else {
      record.writeLong(1);
      record.writeString(reason);
    }
  }

  private void writeSpool(SpoolOccupancy spool) {
    if (!spool.isKnown()) {
      record.writeLong(0);
    } else {
      record.writeLong(1);
      record.writeLong(spool.snapshots());
      record.writeLong(spool.bytes());
      record.writeLong(spool.maxBytes());
    }
  }

  private void writeStrings(List<String> strings) {
    if (!strings.isEmpty()) {
      record.writeLong(strings.size());
      strings.forEach(record::writeString);
    }
    record.writeLong(0);
  }

  private void writeArray(int count, AvroOutput items) {
    if (count > 0) {
      record.writeLong(count);
      record.write(items);
    }
    record.writeLong(0);
  }
}
