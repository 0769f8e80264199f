/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.local.simulate.FleetSimulation;
import io.vmallocfleet.local.simulation.scenario.FleetPlan;
import io.vmallocfleet.pipeline.usage.HostUsage;
import io.vmallocfleet.pipeline.usage.Origin;
import io.vmallocfleet.pipeline.usage.SnapshotFold;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StretchTest {
  private final byte[] snapshot;
  private final HostUsage original;

  StretchTest() throws Exception {
    snapshot = simulated();
    original = fold(snapshot);
  }

  @Test
  void changes_nothing_that_is_not_asked_for() throws Exception {
    HostUsage same = fold(new Stretch(new Load(1, 2, 0, 0, 0, 0)).apply(snapshot, 0));

    assertThat(same).usingRecursiveComparison().isEqualTo(original);
  }

  @Test
  void shares_the_same_memory_among_more_callers() throws Exception {
    HostUsage more = fold(new Stretch(new Load(1, 2, 400, 0, 0, 0)).apply(snapshot, 0));

    assertThat(more.totals()).isEqualTo(original.totals());
    assertThat(more.callers().size()).isGreaterThan(2 * original.callers().size());
  }

  @Test
  void gives_as_many_areas_as_asked() throws Exception {
    HostUsage more = fold(new Stretch(new Load(1, 2, 0, 5_000, 0, 0)).apply(snapshot, 0));

    assertThat(more.totals().areas() + more.totals().unpurgedAreas()).isEqualTo(5_000);
  }

  @Test
  void makes_another_host_of_another_kernel_build() throws Exception {
    var stretch = new Stretch(new Load(5_000, 2, 0, 0, 200, 0));
    HostUsage first = fold(stretch.apply(snapshot, 1));
    HostUsage second = fold(stretch.apply(snapshot, 2));

    assertThat(List.of(original.hostId(), first.hostId(), second.hostId())).doesNotHaveDuplicates();
    assertThat(first.cohort()).isNotEqualTo(second.cohort());
    assertThat(first.totals()).isEqualTo(original.totals());
  }

  @Test
  void has_no_more_kernel_builds_than_asked_for() throws Exception {
    var stretch = new Stretch(new Load(5_000, 2, 0, 0, 1, 0));

    assertThat(fold(stretch.apply(snapshot, 1)).cohort())
        .isEqualTo(fold(stretch.apply(snapshot, 2)).cohort())
        .isNotEqualTo(original.cohort());
  }

  private static HostUsage fold(byte[] bytes) throws Exception {
    return new SnapshotFold().fold(new Origin("", 0, 0, 0), bytes);
  }

  private static byte[] simulated() throws Exception {
    var start = Instant.parse("2026-03-02T00:00:00Z");
    FleetPlan plan = FleetPlan.of(List.of(), 1, start, Duration.ofMinutes(1), 1);
    List<byte[]> snapshots = new ArrayList<>();
    new FleetSimulation(plan, start, Duration.ofMinutes(1), Load.INTERVAL, 1)
        .run(delivered -> snapshots.add(delivered.snapshot()), share -> {});
    return snapshots.get(0);
  }
}
