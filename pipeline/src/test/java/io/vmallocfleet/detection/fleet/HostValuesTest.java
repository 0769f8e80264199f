/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class HostValuesTest {
  @Test
  void location_and_its_error_are_those_of_the_hosts_that_did_nothing_of_their_own() {
    var values = new HostValues();
    var random = new Random(7);
    for (int i = 0; i < 10_000; i++) {
      // One host in twenty was deployed to and holds 500 more.
      values.add((i % 20 == 0 ? 500 : 3) + 10 * random.nextGaussian());
    }

    HostValues.Location location = values.location();

    // 10 / sqrt(9500) = 0.103; the hosts at 500 pull the median up by 0.65.
    assertThat(location.hosts()).isEqualTo(10_000);
    assertThat(location.mean()).isCloseTo(3, within(0.4));
    assertThat(location.standardError()).isCloseTo(0.103, within(0.01));
  }

  @Test
  void hosts_that_all_agree_have_no_error() {
    var values = new HostValues();
    for (int i = 0; i < 100; i++) {
      values.add(-4096);
    }

    assertThat(values.location().mean()).isCloseTo(-4096, within(41.0));
    assertThat(values.location().standardError()).isZero();
  }

  @Test
  void hosts_without_a_value_count_as_zero_in_the_spread_of_a_cohort() {
    var values = new HostValues();
    for (int i = 0; i < 30; i++) {
      values.add(1000);
    }

    assertThat(values.spread(30).median()).isCloseTo(1000, within(10.0));
    assertThat(values.spread(100).median()).isZero();
    assertThat(values.above(500)).isEqualTo(30);
  }

  @Test
  void parts_merge_to_the_whole_whatever_their_order() {
    var whole = new HostValues();
    var parts = new HostValues[] {new HostValues(), new HostValues(), new HostValues()};
    for (int i = -500; i < 500; i++) {
      whole.add(i * 4096.0);
      parts[Math.floorMod(i, 3)].add(i * 4096.0);
    }
    var merged = new HostValues();
    for (int i = 2; i >= 0; i--) {
      merged.add(parts[i].encode());
    }

    assertThat(merged.location()).isEqualTo(whole.location());
    assertThat(merged.count()).isEqualTo(1_000);
  }
}
