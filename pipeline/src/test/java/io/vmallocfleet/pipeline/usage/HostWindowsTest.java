/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import static io.vmallocfleet.pipeline.SnapshotBuilder.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.pipeline.SnapshotBuilder;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.snapshot.SpoolOccupancy;
import org.junit.jupiter.api.Test;

class HostWindowsTest {
  @Test
  void a_window_tells_how_full_the_spool_was_at_its_last_snapshot() {
    HostWindow window = windowOf(snapshot("a").spool(new SpoolOccupancy(7, 140_000, 64 << 20)));

    assertThat(window.getSpool())
        .isEqualTo(new io.vmallocfleet.schemas.SpoolOccupancy(7L, 140_000L, 64L << 20));
  }

  @Test
  void nothing_is_said_of_the_spool_where_the_agent_does_not() {
    assertThat(windowOf(snapshot("a")).getSpool()).isNull();
  }

  private static HostWindow windowOf(SnapshotBuilder snapshot) {
    return HostWindows.of(new HostUsageInWindow(0, 60_000, 1, snapshot.usage()));
  }
}
