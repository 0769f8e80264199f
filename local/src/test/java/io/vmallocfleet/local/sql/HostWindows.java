/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.sql;

import io.vmallocfleet.schemas.AddressMode;
import io.vmallocfleet.schemas.CallerUsage;
import io.vmallocfleet.schemas.Cohort;
import io.vmallocfleet.schemas.HostMemory;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.SingleObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/** Windows of hosts, as jobs of this and of the first release write them. */
public final class HostWindows {
  static {
    SingleObject.trustOwnClasses();
  }

  private HostWindows() {}

  static HostWindow window(String hostname, Map<String, String> labels) {
    return builder(hostname).setLabels(labels).build();
  }

  static HostWindow holding(String hostname, String function, long bytes) {
    return builder(hostname)
        .setTopCallers(List.of(new CallerUsage(function, "", 1L, bytes, bytes + 4096)))
        .setCallers(1)
        .build();
  }

  /** The schema of the first release has fewer fields; what it had is the same. */
  static byte[] asOfRelease1(String hostname) throws IOException {
    Schema first;
    try (InputStream text = SingleObject.class.getResourceAsStream("released/1/HostWindow.avsc")) {
      first = new Schema.Parser().parse(text);
    }
    byte[] now = new SingleObject<>(HostWindow.class).encode(window(hostname, Map.of()));
    GenericRecord old =
        new GenericDatumReader<GenericRecord>(HostWindow.getClassSchema(), first, new GenericData())
            .read(
                null,
                DecoderFactory.get()
                    .binaryDecoder(
                        now,
                        SingleObject.HEADER_BYTES,
                        now.length - SingleObject.HEADER_BYTES,
                        null));
    var out = new ByteArrayOutputStream();
    out.writeBytes(SingleObject.header(first));
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(first).write(old, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private static HostWindow.Builder builder(String hostname) {
    return ending(hostname, Instant.parse("2026-11-23T06:01:00Z"));
  }

  /** The minute that ends then, of a host with one area of a page. */
  public static HostWindow.Builder ending(String hostname, Instant end) {
    return HostWindow.newBuilder()
        .setHostId("id-" + hostname)
        .setHostname(hostname)
        .setCohort(new Cohort("6.18.1", "#1", "x86_64"))
        .setBootId("boot-1")
        .setWindowStart(end.minusSeconds(60))
        .setWindowEnd(end)
        .setSnapshots(1)
        .setTakenAt(end.minusSeconds(5))
        .setAddressMode(AddressMode.HASHED)
        .setAreas(1)
        .setBytes(4096)
        .setMappedBytes(8192)
        .setGuardBytes(4096)
        .setUnpurgedAreas(0)
        .setUnpurgedBytes(0)
        .setMalformedLines(0)
        .setMemory(new HostMemory(1L << 34, 1L << 45, -1L, -1L, -1L))
        .setWindows(List.of())
        .setTopCallers(List.of())
        .setCallers(0);
  }
}
