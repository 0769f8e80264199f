/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql;

import io.vmallocfleet.schemas.AddressMode;
import io.vmallocfleet.schemas.Area;
import io.vmallocfleet.schemas.CallSite;
import io.vmallocfleet.schemas.Host;
import io.vmallocfleet.schemas.HostMemory;
import io.vmallocfleet.schemas.NodePages;
import io.vmallocfleet.schemas.Region;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.VmallocSnapshot;
import io.vmallocfleet.schemas.snapshot.AreaFlags;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Records as they lie in the topics. */
public final class Records {
  private Records() {}

  /**
   * A snapshot with a stack of 16 KiB on two nodes, a BPF map of 8 KiB, a device of 4 KiB, and 1
   * MiB that is freed and not yet purged.
   */
  public static byte[] snapshot(String hostname, Instant takenAt) {
    var record =
        new VmallocSnapshot(
            new Host(
                "id-of-" + hostname,
                hostname,
                "boot-1",
                "6.18.1",
                "#1 SMP",
                "x86_64",
                4096,
                4,
                Map.of("role", "web")),
            "run-1",
            7L,
            takenAt,
            120,
            80,
            AddressMode.REAL,
            null,
            0L,
            0L,
            0,
            List.of(),
            0,
            0,
            new HostMemory(1L << 34, 1L << 45, 24576L, -1L, 1L << 28),
            null,
            List.of(
                new CallSite("dup_task_struct", "", "", 60L, 900L),
                new CallSite("htab_map_alloc", "", "", 10L, 200L),
                new CallSite("pci_ioremap", "nvme", "", 10L, 200L)),
            List.of(
                area(0, -1, 20480, 4, AreaFlags.VMALLOC, 0, node(0, 3), node(1, 1)),
                area(1, 0, 12288, 2, AreaFlags.VMALLOC, 0, node(0, 2)),
                area(2, 4096, 8192, 0, AreaFlags.IOREMAP, 0xfebc0000L),
                area(-1, 0, 1 << 20, 0, AreaFlags.UNPURGED, 0)),
            List.of());
    return new SingleObject<>(VmallocSnapshot.class).encode(record);
  }

  /** A record as an earlier release wrote it, all fields given by name. */
  public static byte[] written(int release, String name, Map<String, Object> fields) {
    Schema schema = released(release, name);
    GenericRecord record = new GenericData.Record(schema);
    fields.forEach(record::put);
    var out = new ByteArrayOutputStream();
    out.writeBytes(SingleObject.header(schema));
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    try {
      new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** A record of another's schema, for a field of {@link #written}. */
  public static GenericRecord nested(Schema schema, Map<String, Object> fields) {
    GenericRecord record = new GenericData.Record(schema);
    fields.forEach(record::put);
    return record;
  }

  public static Schema released(int release, String name) {
    String resource = "released/%d/%s.avsc".formatted(release, name);
    try (InputStream text = SingleObject.class.getResourceAsStream(resource)) {
      return new Schema.Parser().parse(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Area area(
      int site, long gap, long size, long pages, int flags, long phys, NodePages... numa) {
    return new Area(site, Region.VMALLOC, gap, size, pages, flags, phys, List.of(numa), List.of());
  }

  private static NodePages node(int node, long pages) {
    return new NodePages(node, pages);
  }
}
