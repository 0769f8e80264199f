/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import io.vmallocfleet.agent.vmallocinfo.ParserLimits;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoParser;
import io.vmallocfleet.schemas.snapshot.AddressMode;
import io.vmallocfleet.schemas.snapshot.HostBudget;
import io.vmallocfleet.schemas.snapshot.HostIdentity;
import io.vmallocfleet.schemas.snapshot.SnapshotHeader;
import io.vmallocfleet.schemas.snapshot.SpoolOccupancy;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an area costs on the wire: the snapshot as the producer compresses it. */
class WireSizeTest {
  private static final int PRODUCERS_LEVEL = 1;
  private static final String CAPTURE = "/captures/x86_64_6.18_kptr0_hashed.txt";

  @Test
  void an_area_of_a_hashed_capture_takes_at_most_two_and_a_half_bytes() throws IOException {
    AreaTable areas = parse(CAPTURE);
    byte[] snapshot = encode(areas);

    double bytesPerArea = (double) Zstd.compress(snapshot, PRODUCERS_LEVEL).length / areas.rows();

    System.out.printf(
        "%s: %d areas, %d bytes, %.2f bytes an area after zstd%n",
        CAPTURE, areas.rows(), snapshot.length, bytesPerArea);
    assertThat(bytesPerArea).isLessThanOrEqualTo(2.5);
  }

  private static AreaTable parse(String resource) throws IOException {
    try (InputStream in = WireSizeTest.class.getResourceAsStream(resource)) {
      byte[] text = in.readAllBytes();
      return new VmallocinfoParser(ParserLimits.longRunning()).parse(text, text.length);
    }
  }

  private static byte[] encode(AreaTable areas) {
    var host =
        new HostIdentity(
            "0123456789abcdef0123456789abcdef",
            "db-17",
            "11111111-2222-3333-4444-555555555555",
            "6.18.44",
            "#1 SMP PREEMPT_DYNAMIC",
            "x86_64",
            4096,
            8,
            Map.of("region", "eu1"));
    return new SnapshotEncoder(true)
        .encode(
            areas,
            new Churn(),
            omitted ->
                new SnapshotHeader(
                    host,
                    "99999999-8888-7777-6666-555555555555",
                    17,
                    1_700_000_000_000_000L,
                    900,
                    150,
                    AddressMode.HASHED,
                    "",
                    0,
                    0,
                    areas.malformed(),
                    List.of(),
                    areas.duplicates(),
                    omitted,
                    HostBudget.UNKNOWN,
                    SpoolOccupancy.NONE));
  }
}
