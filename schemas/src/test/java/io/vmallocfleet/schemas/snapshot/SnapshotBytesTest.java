/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.schemas.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vmallocfleet.schemas.Area;
import io.vmallocfleet.schemas.CallSite;
import io.vmallocfleet.schemas.CallSiteChurn;
import io.vmallocfleet.schemas.NodePages;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.UnreadableRecordException;
import io.vmallocfleet.schemas.VmallocSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

/** The hand-written reader and writer against Avro, which is the reference. */
class SnapshotBytesTest {
  private static final SnapshotHeader HEADER =
      new SnapshotHeader(
          new HostIdentity(
              "0123456789abcdef0123456789abcdef",
              "edge-7",
              "5f0c2f5e-0000-4000-8000-000000000001",
              "6.18.44",
              "#1 SMP PREEMPT_DYNAMIC",
              "x86_64",
              4096,
              2,
              Map.of("region", "eu-west-1")),
          "run-1",
          41,
          1_700_000_000_123_456L,
          310,
          95,
          AddressMode.REAL,
          "",
          1,
          2,
          3,
          List.of("line 7: size is missing: 0x…"),
          4,
          0,
          new HostBudget(8L << 30, 32L << 40, 14_462_976, 704_512, -1),
          new SpoolOccupancy(12, 240_000, 64L << 20));

  private final SingleObject<VmallocSnapshot> avro = new SingleObject<>(VmallocSnapshot.class);
  private final SnapshotWriter writer = new SnapshotWriter(SnapshotWriter.DEFAULT_MAX_BYTES);
  private final SnapshotCursor cursor = new SnapshotCursor();

  @Test
  void the_fingerprint_is_that_of_the_schema() {
    long expected = SchemaNormalization.parsingFingerprint64(VmallocSnapshot.getClassSchema());

    assertThat(SnapshotWriter.SCHEMA_FINGERPRINT)
        .as("set SCHEMA_FINGERPRINT to 0x%016xL", expected)
        .isEqualTo(expected);
  }

  @Test
  void enums_stand_in_the_order_of_the_schema() {
    assertThat(names(AddressMode.values()))
        .isEqualTo(names(io.vmallocfleet.schemas.AddressMode.values()));
    assertThat(names(Region.values())).isEqualTo(names(io.vmallocfleet.schemas.Region.values()));
  }

  @Test
  void writes_what_avro_reads() throws Exception {
    VmallocSnapshot snapshot = avro.decode(sample());

    assertThat(snapshot.getHost().getHostname()).isEqualTo("edge-7");
    assertThat(snapshot.getHost().getLabels()).containsExactly(Map.entry("region", "eu-west-1"));
    assertThat(snapshot.getTakenAt()).isEqualTo(Instant.ofEpochSecond(1_700_000_000L, 123_456_000));
    assertThat(snapshot.getAddressMode()).isEqualTo(io.vmallocfleet.schemas.AddressMode.REAL);
    assertThat(snapshot.getBlind()).isNull();
    assertThat(snapshot.getMalformedSamples()).containsExactly("line 7: size is missing: 0x…");
    assertThat(snapshot.getMemory().getBpfJitLimitBytes()).isEqualTo(-1);
    assertThat(snapshot.getCallSites())
        .containsExactly(
            new CallSite("kernel_clone", "", "", 0x94L, 0x3e0L),
            new CallSite("qp_alloc_queue", "vmw_vmci", ".constprop.0", 0x44L, 0x110L));
    assertThat(snapshot.getAreas())
        .containsExactly(
            new Area(
                0,
                io.vmallocfleet.schemas.Region.VMALLOC,
                -1L,
                20480L,
                4L,
                AreaFlags.VMALLOC,
                0L,
                List.of(new NodePages(0, 3L), new NodePages(2, 1L)),
                List.of()),
            new Area(
                1,
                io.vmallocfleet.schemas.Region.MODULES,
                12288L,
                8192L,
                1L,
                AreaFlags.VMALLOC,
                0xfee00000_00000000L,
                List.of(),
                List.of("pinned", "order=9")),
            new Area(
                -1,
                io.vmallocfleet.schemas.Region.VMALLOC,
                0L,
                1L << 41,
                0L,
                AreaFlags.VM_MAP_RAM,
                0L,
                List.of(),
                List.of()));
    assertThat(snapshot.getChurn()).containsExactly(new CallSiteChurn(0, 3, 1));
  }

  @Test
  void reads_what_avro_wrote() throws Exception {
    VmallocSnapshot snapshot = avro.decode(sample());

    SnapshotHeader header = cursor.open(avro.encode(snapshot));

    assertThat(header).isEqualTo(HEADER);
    assertThat(areas())
        .containsExactly(
            "kernel_clone VMALLOC gap -1 size 20480 pages 4 flags 4",
            "qp_alloc_queue [vmw_vmci] MODULES gap 12288 size 8192 pages 1 flags 4",
            "- VMALLOC gap 0 size 2199023255552 pages 0 flags 128");
    assertThat(cursor.nextChurn()).isTrue();
    assertThat(cursor.callSite()).isZero();
    assertThat(cursor.added()).isEqualTo(3);
    assertThat(cursor.removed()).isEqualTo(1);
    assertThat(cursor.nextChurn()).isFalse();
  }

  @Test
  void reads_what_the_schema_before_the_spool_wrote() throws Exception {
    byte[] older = asWrittenWith("released/3/VmallocSnapshot.avsc", sample());

    SnapshotHeader header = cursor.open(older);

    assertThat(header.spool()).isEqualTo(SpoolOccupancy.NONE);
    assertThat(header.budget()).isEqualTo(HEADER.budget());
    assertThat(areas()).isEqualTo(areasOf(avro.decode(sample())));
    assertThat(cursor.nextChurn()).isTrue();
    assertThat(cursor.nextChurn()).isFalse();
  }

  @Test
  void a_blind_snapshot_is_a_sign_of_life_without_areas() throws Exception {
    byte[] bytes = writer.finish(blind("file is empty"));

    assertThat(cursor.open(bytes).blind()).contains("file is empty");
    assertThat(cursor.nextArea()).isFalse();
    assertThat(cursor.nextChurn()).isFalse();
    assertThat(avro.decode(bytes).getBlind()).isEqualTo("file is empty");
  }

  @Test
  void passes_over_nodes_of_any_number_and_size() throws Exception {
    writer.callSite("f", "", "", -1, -1);
    for (int nodes = 0; nodes < 5; nodes++) {
      writer.area(0, Region.VMALLOC, 0, 8192, nodes, AreaFlags.VMALLOC, 0);
      for (int node = 0; node < nodes; node++) {
        writer.node(node * 100, 1L << 12 * node);
      }
    }
    writer.churn(0, 7, 7);

    cursor.open(writer.finish(HEADER));

    for (int nodes = 0; nodes < 5; nodes++) {
      assertThat(cursor.nextArea()).isTrue();
      assertThat(cursor.pages()).isEqualTo(nodes);
      var read = new ArrayList<String>();
      cursor.eachNode((node, pages) -> read.add(node + " " + pages));
      assertThat(read)
          .containsExactlyElementsOf(
              IntStream.range(0, nodes).mapToObj(n -> n * 100 + " " + (1L << 12 * n)).toList());
    }
    assertThat(cursor.nextArea()).isFalse();
    assertThat(cursor.nextChurn()).isTrue();
    assertThat(cursor.added()).isEqualTo(7);
  }

  @Test
  void areas_beyond_the_limit_are_omitted_and_counted() throws Exception {
    var small = new SnapshotWriter(66 * 1024);
    int caller = small.callSite("f", "", "", -1, -1);
    int kept = 0;
    for (int i = 0; i < 1_000; i++) {
      if (small.area(caller, Region.VMALLOC, 0, 8192, 1, AreaFlags.VMALLOC, 0)) {
        small.node(0, 1);
        kept++;
      }
    }

    int omitted = small.omitted();
    VmallocSnapshot snapshot = avro.decode(small.finish(HEADER));

    assertThat(kept).isLessThan(1_000);
    assertThat(omitted).isEqualTo(1_000 - kept);
    assertThat(snapshot.getAreas()).hasSize(kept);
  }

  @Test
  void refuses_a_snapshot_cut_at_any_byte_and_then_reads_the_next() throws Exception {
    byte[] whole = sample();

    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> readAll(cut))
          .as("cut to %d of %d bytes", length, whole.length)
          .isInstanceOf(UnreadableRecordException.class);
    }
    readAll(whole);
  }

  @Test
  void agrees_with_avro_on_corrupt_bytes_or_refuses_them() throws Exception {
    var random = new SplittableRandom(7);
    byte[] whole = sample();
    int read = 0;

    for (int i = 0; i < 50_000; i++) {
      byte[] corrupt = whole.clone();
      corrupt[random.nextInt(whole.length)] = (byte) random.nextInt();
      List<String> ours;
      try {
        cursor.open(corrupt);
        ours = areas();
        while (cursor.nextChurn()) {}
      } catch (UnreadableRecordException refused) {
        continue;
      }
      read++;
      assertThat(ours).isEqualTo(areasOf(avro.decode(corrupt)));
    }
    assertThat(read).isPositive();
  }

  private byte[] sample() {
    int clone = writer.callSite("kernel_clone", "", "", 0x94, 0x3e0);
    int queue = writer.callSite("qp_alloc_queue", "vmw_vmci", ".constprop.0", 0x44, 0x110);
    writer.area(clone, Region.VMALLOC, -1, 20480, 4, AreaFlags.VMALLOC, 0);
    writer.node(0, 3);
    writer.node(2, 1);
    writer.area(queue, Region.MODULES, 12288, 8192, 1, AreaFlags.VMALLOC, 0xfee00000_00000000L);
    writer.word("pinned");
    writer.word("order=9");
    writer.area(-1, Region.VMALLOC, 0, 1L << 41, 0, AreaFlags.VM_MAP_RAM, 0);
    writer.churn(clone, 3, 1);
    return writer.finish(HEADER);
  }

  private static byte[] asWrittenWith(String schema, byte[] today) throws IOException {
    Schema older = new Schema.Parser().parse(Path.of(schema).toFile());
    var reader = new GenericDatumReader<GenericRecord>(VmallocSnapshot.getClassSchema(), older);
    GenericRecord record =
        reader.read(
            null,
            DecoderFactory.get()
                .binaryDecoder(
                    today,
                    SingleObject.HEADER_BYTES,
                    today.length - SingleObject.HEADER_BYTES,
                    null));
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(SingleObject.header(older));
    Encoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(older).write(record, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  private static SnapshotHeader blind(String reason) {
    return new SnapshotHeader(
        HEADER.host(),
        "run-1",
        0,
        1,
        0,
        0,
        AddressMode.UNKNOWN,
        reason,
        0,
        0,
        0,
        List.of(),
        0,
        0,
        HostBudget.UNKNOWN,
        SpoolOccupancy.NONE);
  }

  private void readAll(byte[] bytes) throws UnreadableRecordException {
    cursor.open(bytes);
    while (cursor.nextArea()) {}
    while (cursor.nextChurn()) {}
  }

  private List<String> areas() throws UnreadableRecordException {
    var lines = new ArrayList<String>();
    while (cursor.nextArea()) {
      int site = cursor.callSite();
      lines.add(
          line(
              site < 0 ? null : cursor.function(site),
              site < 0 ? "" : cursor.module(site),
              cursor.region().name(),
              cursor.gap(),
              cursor.size(),
              cursor.pages(),
              cursor.flags()));
    }
    return lines;
  }

  private static List<String> areasOf(VmallocSnapshot snapshot) {
    return snapshot.getAreas().stream()
        .map(
            a -> {
              CallSite site =
                  a.getCallSite() < 0 ? null : snapshot.getCallSites().get(a.getCallSite());
              return line(
                  site == null ? null : site.getFunction(),
                  site == null ? "" : site.getModule(),
                  a.getRegion().name(),
                  a.getGap(),
                  a.getSize(),
                  a.getPages(),
                  a.getFlags());
            })
        .toList();
  }

  private static String line(
      String function, String module, String region, long gap, long size, long pages, int flags) {
    String caller =
        function == null ? "-" : module.isEmpty() ? function : function + " [" + module + "]";
    return "%s %s gap %d size %d pages %d flags %d"
        .formatted(caller, region, gap, size, pages, flags);
  }

  private static List<String> names(Enum<?>[] values) {
    return Arrays.stream(values).map(Enum::name).toList();
  }
}
