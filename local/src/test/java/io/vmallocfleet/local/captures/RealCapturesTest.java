/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.captures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.vmallocfleet.agent.Snapshots;
import io.vmallocfleet.agent.snapshot.SnapshotEncoder;
import io.vmallocfleet.agent.vmallocinfo.ParserLimits;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoParser;
import io.vmallocfleet.fragmentation.AddressSpaceShape;
import io.vmallocfleet.pipeline.usage.HostUsage;
import io.vmallocfleet.pipeline.usage.Origin;
import io.vmallocfleet.pipeline.usage.SnapshotFold;
import io.vmallocfleet.pipeline.usage.WindowShape;
import io.vmallocfleet.schemas.snapshot.HostBudget;
import io.vmallocfleet.schemas.snapshot.HostIdentity;
import io.vmallocfleet.schemas.snapshot.Region;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Captures that may not be published here, from the agent's parser to the pipeline's fold. */
class RealCapturesTest {
  @Test
  void the_exhausted_powerpc_shows_the_holes_of_its_failure() throws Exception {
    HostUsage usage = usage("ppc32_6.14-rc4_outline_kasan.txt");

    assertThat(usage.windows())
        .extracting(WindowShape::window)
        .containsExactly(Region.VMALLOC, Region.MODULES);
    AddressSpaceShape vmalloc = usage.windows().get(0).shape();
    // A request for 839,680 bytes failed while 7,561,216 were free.
    assertThat(vmalloc.holes().count()).isEqualTo(201);
    assertThat(vmalloc.holes().bytes()).isEqualTo(7_561_216);
    assertThat(vmalloc.holes().largestBytes()).isEqualTo(831_488);
    assertThat(vmalloc.holes().spanBytes()).isEqualTo(0xf5110000L - 0xf1000000L);
    assertThat(vmalloc.unpurgedBytes()).isEqualTo(491_520);
  }

  @Test
  void arm_modules_below_the_vmalloc_area_are_a_window_of_their_own() throws Exception {
    HostUsage usage = usage("arm32_3.0.8_fullhan_asecam.txt");

    assertThat(usage.windows())
        .extracting(WindowShape::window)
        .containsExactly(Region.VMALLOC, Region.MODULES);
    // Modules live in the 16 MiB below the linear map, the vmalloc area above it.
    assertThat(usage.windows().get(1).shape().holes().spanBytes()).isLessThan(16 << 20);
  }

  private static HostUsage usage(String capture) throws Exception {
    String directory = System.getProperty("vmallocfleet.captures", "");
    assumeThat(directory).as("-Dvmallocfleet.captures=DIR holds " + capture).isNotEmpty();
    byte[] text = Files.readAllBytes(Path.of(directory, capture));
    var host =
        new HostIdentity("id", "host", "boot", "release", "build", "arch", 4096, 1, Map.of());
    byte[] snapshot =
        new Snapshots(host, new SnapshotEncoder(true))
            .of(
                new VmallocinfoParser(ParserLimits.longRunning()).parse(text, text.length),
                new Snapshots.Circumstances(0, 0, 0, 0, 0, HostBudget.UNKNOWN));
    return new SnapshotFold().fold(new Origin("vmalloc.snapshots", 0, 0, 0), snapshot);
  }
}
