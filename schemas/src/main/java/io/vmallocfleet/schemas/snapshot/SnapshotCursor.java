/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.schemas.snapshot;

import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.UnreadableRecordException;
import io.vmallocfleet.schemas.VmallocSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads snapshots straight from their bytes in one forward pass, without an object per area:
 *
 * <pre>{@code
 * SnapshotHeader header = cursor.open(bytes);
 * while (cursor.nextArea()) {
 *   bytesOf[cursor.callSite()] += cursor.pages() * header.host().pageSize();
 * }
 * while (cursor.nextChurn()) { ... }
 * }</pre>
 *
 * The record is known to be whole only when {@link #nextChurn} has returned false. Records of the
 * schema before the current one are read as fast, because a fleet's agents are upgraded one after
 * another; those of any other are first resolved by Avro, at some twenty times the cost. After an
 * exception the cursor is ready for the next {@link #open}. Not thread safe.
 */
public final class SnapshotCursor {
  private static final AddressMode[] MODES = AddressMode.values();
  private static final Region[] REGIONS = Region.values();
  private static final byte[] CURRENT = SnapshotWriter.header(SnapshotWriter.SCHEMA_FINGERPRINT);

  /** Releases 1 to 3 have no spool, and are otherwise the same. */
  private static final byte[] WITHOUT_SPOOL = SnapshotWriter.header(0xdbe667a6c65b7003L);

  // Shortest encodings in bytes: one a number, one an empty text or array.
  private static final int STRING = 1;
  private static final int LABEL = 2;
  private static final int CALL_SITE = 5;
  private static final int AREA = 9;
  private static final int NODE_PAGES = 2;
  private static final int CHURN = 3;

  private final AvroInput in = new AvroInput();
  private final SingleObject<VmallocSnapshot> resolver = new SingleObject<>(VmallocSnapshot.class);

  private String[] functions = new String[128];
  private String[] modules = new String[128];
  private int callSites;
  private int areasLeftInBlock;
  private boolean areasEnded;
  private int churnLeftInBlock;

  /** The numbers an area begins with, in the order of the schema. */
  private final long[] area = new long[7];

  private int callSite;
  private Region region = Region.UNKNOWN;
  private long gap;
  private long size;
  private long pages;
  private int flags;
  private long phys;
  private int numaAt;
  private int added;
  private int removed;

  /**
   * Begins a snapshot and reads it up to its first area.
   *
   * @throws UnreadableRecordException if this is no snapshot, of an unknown schema, or corrupt so
   *     far
   */
  public SnapshotHeader open(byte[] bytes) throws UnreadableRecordException {
    boolean withoutSpool = begin(bytes);
    SnapshotHeader header = readHeader(!withoutSpool);
    readCallSites();
    areasLeftInBlock = in.readBlockCount(AREA);
    areasEnded = areasLeftInBlock == 0;
    churnLeftInBlock = -1;
    return header;
  }

  /**
   * Whose snapshot that is, without looking further.
   *
   * @throws UnreadableRecordException as {@link #open}
   */
  public String hostId(byte[] bytes) throws UnreadableRecordException {
    begin(bytes);
    return in.readString();
  }

  /** Whether the snapshot is of the schema before agents told of their spool. */
  private boolean begin(byte[] bytes) throws UnreadableRecordException {
    boolean withoutSpool = beginsWith(WITHOUT_SPOOL, bytes);
    boolean readable = withoutSpool || beginsWith(CURRENT, bytes);
    in.open(readable ? bytes : resolver.encode(resolver.decode(bytes)), SingleObject.HEADER_BYTES);
    return withoutSpool;
  }

  /** Entries of the dictionary. */
  public int callSites() {
    return callSites;
  }

  /** Normalised function of a dictionary entry. */
  public String function(int index) {
    return functions[index];
  }

  /** Module of a dictionary entry, empty for the kernel itself. */
  public String module(int index) {
    return modules[index];
  }

  /** Moves to the next area; false after the last. */
  public boolean nextArea() throws UnreadableRecordException {
    if (areasEnded) {
      return false;
    }
    in.readLongs(area);
    callSite = in.asInt(area[0]);
    if (callSite < -1 || callSite >= callSites) {
      throw in.corrupt("call site " + callSite + " of " + callSites);
    }
    region = REGIONS[in.asIndex(area[1], REGIONS.length)];
    gap = area[2];
    size = area[3];
    pages = area[4];
    flags = in.asInt(area[5]);
    phys = area[6];
    numaAt = in.position();
    if (!in.skipPairAndEmpty()) { // what nearly all areas have
      skipNuma();
      skipWords();
    }
    if (--areasLeftInBlock == 0) {
      areasLeftInBlock = in.readBlockCount(AREA);
      areasEnded = areasLeftInBlock == 0;
    }
    return true;
  }

  /** Index of the current area's caller, -1 for none. */
  public int callSite() {
    return callSite;
  }

  public Region region() {
    return region;
  }

  /** Bytes since the previous area of the window; -1 unknown or first. */
  public long gap() {
    return gap;
  }

  /** Bytes of address space, guard page included. */
  public long size() {
    return size;
  }

  /** Base pages of memory, 0 for none. */
  public long pages() {
    return pages;
  }

  /** Bits of {@link AreaFlags}. */
  public int flags() {
    return flags;
  }

  /** Physical address of a device mapping, unsigned; 0 where none is printed or sent. */
  public long phys() {
    return phys;
  }

  /** Takes the pages on one NUMA node. */
  @FunctionalInterface
  public interface NodePages {
    void accept(int node, long pages);
  }

  /** Pages of the current area by NUMA node, ascending: read only when asked for. */
  public void eachNode(NodePages consumer) throws UnreadableRecordException {
    int end = in.position();
    in.moveTo(numaAt);
    for (int count = in.readBlockCount(NODE_PAGES);
        count > 0;
        count = in.readBlockCount(NODE_PAGES)) {
      for (int i = 0; i < count; i++) {
        consumer.accept(in.readInt(), in.readLong());
      }
    }
    in.moveTo(end);
  }

  /** Moves to the next churn entry; false after the last, and then the record was whole. */
  public boolean nextChurn() throws UnreadableRecordException {
    if (!areasEnded) {
      throw new IllegalStateException("churn comes after the areas: read those first");
    }
    if (churnLeftInBlock <= 0) {
      churnLeftInBlock = in.readBlockCount(CHURN);
    }
    if (churnLeftInBlock == 0) {
      if (!in.atEnd()) {
        throw in.corrupt("bytes left over after the last field");
      }
      return false;
    }
    churnLeftInBlock--;
    callSite = in.readInt();
    added = in.readInt();
    removed = in.readInt();
    return true;
  }

  /** Areas of the current churn entry's {@link #callSite} that appeared. */
  public int added() {
    return added;
  }

  /** Areas of it that went. */
  public int removed() {
    return removed;
  }

  /** What to throw when the values read so far cannot be true. */
  public UnreadableRecordException corrupt(String what) {
    return in.corrupt(what);
  }

  private static boolean beginsWith(byte[] header, byte[] bytes) {
    return bytes.length >= header.length
        && Arrays.equals(bytes, 0, header.length, header, 0, header.length);
  }

  private SnapshotHeader readHeader(boolean withSpool) throws UnreadableRecordException {
    HostIdentity host = readHost();
    return new SnapshotHeader(
        host,
        in.readString(),
        in.readLong(),
        in.readLong(),
        in.readInt(),
        in.readInt(),
        MODES[in.readIndex(MODES.length)],
        in.readIndex(2) == 0 ? "" : in.readString(),
        in.readLong(),
        in.readLong(),
        in.readInt(),
        readStrings(),
        in.readInt(),
        in.readInt(),
        new HostBudget(in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong()),
        withSpool && in.readIndex(2) == 1
            ? new SpoolOccupancy(in.readLong(), in.readLong(), in.readLong())
            : SpoolOccupancy.NONE);
  }

  private HostIdentity readHost() throws UnreadableRecordException {
    try {
      return new HostIdentity(
          in.readString(),
          in.readString(),
          in.readString(),
          in.readName(),
          in.readName(),
          in.readName(),
          in.readInt(),
          in.readInt(),
          readLabels());
    } catch (IllegalArgumentException e) {
      throw in.corrupt(e.getMessage());
    }
  }

  private Map<String, String> readLabels() throws UnreadableRecordException {
    int count = in.readBlockCount(LABEL);
    if (count == 0) {
      return Map.of();
    }
    var labels = new HashMap<String, String>();
    for (; count > 0; count = in.readBlockCount(LABEL)) {
      for (int i = 0; i < count; i++) {
        labels.put(in.readName(), in.readName());
      }
    }
    return labels;
  }

  private List<String> readStrings() throws UnreadableRecordException {
    int count = in.readBlockCount(STRING);
    if (count == 0) {
      return List.of();
    }
    var strings = new ArrayList<String>();
    for (; count > 0; count = in.readBlockCount(STRING)) {
      for (int i = 0; i < count; i++) {
        strings.add(in.readString());
      }
    }
    return strings;
  }

  private void readCallSites() throws UnreadableRecordException {
    callSites = 0;
    for (int count = in.readBlockCount(CALL_SITE);
        count > 0;
        count = in.readBlockCount(CALL_SITE)) {
      ensureCallSites(callSites + count);
      for (int i = 0; i < count; i++, callSites++) {
        functions[callSites] = in.readName();
        modules[callSites] = in.readName();
        in.skipString(); // suffix
        in.readLong(); // offset
        in.readLong(); // function size
      }
    }
  }

  private void ensureCallSites(int count) {
    if (count > functions.length) {
      int capacity = Math.max(count, 2 * functions.length);
      functions = Arrays.copyOf(functions, capacity);
      modules = Arrays.copyOf(modules, capacity);
    }
  }

  private void skipNuma() throws UnreadableRecordException {
    for (int count = in.readBlockCount(NODE_PAGES);
        count > 0;
        count = in.readBlockCount(NODE_PAGES)) {
      for (int i = 0; i < count; i++) {
        in.readLong();
        in.readLong();
      }
    }
  }

  private void skipWords() throws UnreadableRecordException {
    for (int count = in.readBlockCount(STRING); count > 0; count = in.readBlockCount(STRING)) {
      for (int i = 0; i < count; i++) {
        in.skipString();
      }
    }
  }
}
