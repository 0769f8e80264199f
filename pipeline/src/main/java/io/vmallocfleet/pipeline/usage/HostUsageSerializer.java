/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import io.vmallocfleet.fragmentation.AddressSpaceShape;
import io.vmallocfleet.fragmentation.UnusableFreeSpace;
import io.vmallocfleet.schemas.snapshot.AddressMode;
import io.vmallocfleet.schemas.snapshot.HostBudget;
import io.vmallocfleet.schemas.snapshot.HostIdentity;
import io.vmallocfleet.schemas.snapshot.Region;
import io.vmallocfleet.schemas.snapshot.SpoolOccupancy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes a usage field by field in the order of the record, numbers in full, and names as {@link
 * RecurringTexts}, so that those of one task are one {@code String} each on the other side too.
 *
 * <p>For records between the tasks of one running job: both ends are of one release, so the layout
 * may change with any release. Not for state.
 */
final class HostUsageSerializer extends TypeSerializer<HostUsage> {
  private static final long serialVersionUID = 1;

  private static final AddressMode[] MODES = AddressMode.values();
  private static final Region[] REGIONS = Region.values();

  private transient RecurringTexts names;

  @Override
  public void serialize(HostUsage usage, DataOutputView out) throws IOException {
    writeOrigin(usage.origin(), out);
    writeHost(usage.host(), out);
    writeText(usage.agentRun(), out);
    out.writeLong(usage.sequence());
    out.writeLong(usage.droppedBefore());
    out.writeLong(usage.takenAtMillis());
    out.writeLong(usage.clockAheadMillis());
    out.writeByte(usage.addressMode().ordinal());
    writeText(usage.blindReason(), out);
    out.writeBoolean(usage.complete());
    out.writeInt(usage.malformedLines());
    writeBudget(usage.budget(), out);
    writeTotals(usage.totals(), out);
    writeCallers(usage.callers(), out);
    out.writeInt(usage.windows().size());
    for (WindowShape window : usage.windows()) {
      writeWindow(window, out);
    }
    writeSpool(usage.spool(), out);
  }

  @Override
  public HostUsage deserialize(DataInputView in) throws IOException {
    return new HostUsage(
        readOrigin(in),
        readHost(in),
        readText(in),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        MODES[in.readByte()],
        readText(in),
        in.readBoolean(),
        in.readInt(),
        new HostBudget(in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong()),
        new HostUsage.Totals(
            in.readLong(),
            in.readLong(),
            in.readLong(),
            in.readLong(),
            in.readLong(),
            in.readLong()),
        readCallers(in),
        readWindows(in),
        new SpoolOccupancy(in.readLong(), in.readLong(), in.readLong()));
  }

  private void writeOrigin(Origin origin, DataOutputView out) throws IOException {
    names().write(origin.topic(), out);
    out.writeInt(origin.partition());
    out.writeLong(origin.offset());
    out.writeLong(origin.appendedAtMillis());
  }

  private Origin readOrigin(DataInputView in) throws IOException {
    return new Origin(names().read(in), in.readInt(), in.readLong(), in.readLong());
  }

  private void writeHost(HostIdentity host, DataOutputView out) throws IOException {
    writeText(host.id(), out);
    writeText(host.hostname(), out);
    writeText(host.bootId(), out);
    names().write(host.kernelRelease(), out);
    names().write(host.kernelBuild(), out);
    names().write(host.architecture(), out);
    out.writeInt(host.pageSize());
    out.writeInt(host.possibleCpus());
    out.writeInt(host.labels().size());
    for (Map.Entry<String, String> label : host.labels().entrySet()) {
      names().write(label.getKey(), out);
      names().write(label.getValue(), out);
    }
  }

  private HostIdentity readHost(DataInputView in) throws IOException {
    return new HostIdentity(
        readText(in),
        readText(in),
        readText(in),
        names().read(in),
        names().read(in),
        names().read(in),
        in.readInt(),
        in.readInt(),
        readLabels(in));
  }

  private Map<String, String> readLabels(DataInputView in) throws IOException {
    int size = in.readInt();
    Map<String, String> labels = size == 0 ? Map.of() : new HashMap<>();
    for (int i = 0; i < size; i++) {
      labels.put(names().read(in), names().read(in));
    }
    return labels;
  }

  private static void writeBudget(HostBudget budget, DataOutputView out) throws IOException {
    out.writeLong(budget.memTotalBytes());
    out.writeLong(budget.vmallocTotalBytes());
    out.writeLong(budget.vmallocUsedBytes());
    out.writeLong(budget.percpuBytes());
    out.writeLong(budget.bpfJitLimitBytes());
  }

  private static void writeTotals(HostUsage.Totals totals, DataOutputView out) throws IOException {
    out.writeLong(totals.areas());
    out.writeLong(totals.bytes());
    out.writeLong(totals.mappedBytes());
    out.writeLong(totals.guardBytes());
    out.writeLong(totals.unpurgedAreas());
    out.writeLong(totals.unpurgedBytes());
  }

  private static void writeSpool(SpoolOccupancy spool, DataOutputView out) throws IOException {
    out.writeLong(spool.snapshots());
    out.writeLong(spool.bytes());
    out.writeLong(spool.maxBytes());
  }

  private void writeCallers(CallerTable callers, DataOutputView out) throws IOException {
    out.writeInt(callers.size());
    for (int i = 0; i < callers.size(); i++) {
      names().write(callers.callers()[i], out);
      out.writeLong(callers.areas()[i]);
      out.writeLong(callers.bytes()[i]);
      out.writeLong(callers.mappedBytes()[i]);
      out.writeInt(callers.changes()[i]);
    }
  }

  private CallerTable readCallers(DataInputView in) throws IOException {
    int size = in.readInt();
    var callers =
        new CallerTable(
            new String[size], new long[size], new long[size], new long[size], new int[size]);
    for (int i = 0; i < size; i++) {
      callers.callers()[i] = names().read(in);
      callers.areas()[i] = in.readLong();
      callers.bytes()[i] = in.readLong();
      callers.mappedBytes()[i] = in.readLong();
      callers.changes()[i] = in.readInt();
    }
    return callers;
  }

  private static void writeWindow(WindowShape window, DataOutputView out) throws IOException {
    AddressSpaceShape shape = window.shape();
    out.writeByte(window.window().ordinal());
    out.writeLong(shape.areas());
    out.writeLong(shape.usedBytes());
    out.writeLong(shape.unpurgedAreas());
    out.writeLong(shape.unpurgedBytes());
    out.writeLong(shape.guardBytes());
    out.writeBoolean(shape.runs() != null);
    if (shape.runs() != null) {
      out.writeLong(shape.runs());
    }
    out.writeBoolean(shape.holes() != null);
    if (shape.holes() != null) {
      writeHoles(shape.holes(), out);
    }
  }

  private static List<WindowShape> readWindows(DataInputView in) throws IOException {
    int size = in.readInt();
    List<WindowShape> windows = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      windows.add(
          new WindowShape(
              REGIONS[in.readByte()],
              new AddressSpaceShape(
                  in.readLong(),
                  in.readLong(),
                  in.readLong(),
                  in.readLong(),
                  in.readLong(),
                  in.readBoolean() ? Long.valueOf(in.readLong()) : null,
                  in.readBoolean() ? readHoles(in) : null)));
    }
    return windows;
  }

  private static void writeHoles(AddressSpaceShape.Holes holes, DataOutputView out)
      throws IOException {
    out.writeLong(holes.spanBytes());
    out.writeLong(holes.count());
    out.writeLong(holes.bytes());
    out.writeLong(holes.largestBytes());
    out.writeInt(holes.sizesLog2().size());
    for (long count : holes.sizesLog2()) {
      out.writeLong(count);
    }
    out.writeInt(holes.unusableFreeSpace().size());
    for (UnusableFreeSpace unusable : holes.unusableFreeSpace()) {
      out.writeLong(unusable.requestBytes());
      out.writeDouble(unusable.index());
    }
  }

  private static AddressSpaceShape.Holes readHoles(DataInputView in) throws IOException {
    return new AddressSpaceShape.Holes(
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        readLongs(in),
        readUnusable(in));
  }

  private static List<Long> readLongs(DataInputView in) throws IOException {
    int size = in.readInt();
    List<Long> longs = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      longs.add(in.readLong());
    }
    return longs;
  }

  private static List<UnusableFreeSpace> readUnusable(DataInputView in) throws IOException {
    int size = in.readInt();
    List<UnusableFreeSpace> unusable = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      unusable.add(new UnusableFreeSpace(in.readLong(), in.readDouble()));
    }
    return unusable;
  }

  /** A text of one host. */
  private static void writeText(String text, DataOutputView out) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String readText(DataInputView in) throws IOException {
    int length = in.readInt();
    if (length == 0) {
      return "";
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private RecurringTexts names() {
    if (names == null) {
      names = new RecurringTexts();
    }
    return names;
  }

  @Override
  public boolean isImmutableType() {
    return true;
  }

  @Override
  public TypeSerializer<HostUsage> duplicate() {
    return new HostUsageSerializer();
  }

  @Override
  public HostUsage createInstance() {
    return null; // as of every type without an empty value; nobody fills one in
  }

  @Override
  public HostUsage copy(HostUsage usage) {
    return usage;
  }

  @Override
  public HostUsage copy(HostUsage usage, HostUsage reuse) {
    return usage;
  }

  @Override
  public void copy(DataInputView in, DataOutputView out) throws IOException {
    serialize(deserialize(in), out);
  }

  @Override
  public HostUsage deserialize(HostUsage reuse, DataInputView in) throws IOException {
    return deserialize(in);
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HostUsageSerializer;
  }

  @Override
  public int hashCode() {
    return HostUsageSerializer.class.hashCode();
  }

  @Override
  public TypeSerializerSnapshot<HostUsage> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Flink makes it by name. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<HostUsage> {
    public Snapshot() {
      super(HostUsageSerializer::new);
    }
  }
}
