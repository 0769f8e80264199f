/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import static io.vmallocfleet.pipeline.SnapshotBuilder.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LatestInWindowTest {
  private final LatestInWindow latest = new LatestInWindow();

  @Test
  void neither_order_nor_repetition_matters() {
    HostUsage first = snapshot("h").sequence(0).at(1_000).area("a", 1).usage();
    HostUsage second = snapshot("h").sequence(1).at(6_000).area("a", 2).usage();

    LatestInWindow.Seen seen = add(List.of(second, first, second, first));

    assertThat(seen.latest()).isSameAs(second);
    assertThat(seen.numbers()).hasSize(2);
  }

  @Test
  void merging_two_halves_is_seeing_all() {
    HostUsage first = snapshot("h").sequence(0).at(1_000).area("a", 1).usage();
    HostUsage second = snapshot("h").sequence(1).at(6_000).area("a", 2).usage();

    LatestInWindow.Seen seen = latest.merge(add(List.of(second)), add(List.of(first, second)));

    assertThat(seen.latest().sequence()).isEqualTo(1);
    assertThat(seen.numbers()).hasSize(2);
  }

  private LatestInWindow.Seen add(List<HostUsage> usages) {
    LatestInWindow.Seen seen = latest.createAccumulator();
    for (HostUsage usage : usages) {
      seen = latest.add(usage, seen);
    }
    return seen;
  }
}
