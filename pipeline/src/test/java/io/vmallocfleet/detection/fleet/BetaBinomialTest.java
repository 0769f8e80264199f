/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BetaBinomialTest {
  @Test
  void a_uniform_probability_makes_every_count_as_likely() {
    // a = b = 1: mean 1/2, and 1 / overdispersion - 1 = 2.
    var uniform = new BetaBinomial(0.5, 1.0 / 3);

    // 8, 9 and 10 of the eleven counts from 0 to 10.
    assertThat(uniform.atLeast(8, 10)).isCloseTo(3.0 / 11, within(1e-12));
    assertThat(uniform.atLeast(0, 10)).isEqualTo(1);
  }

  @Test
  void with_hosts_that_decide_alone_it_is_the_binomial() {
    var binomial = new BetaBinomial(0.1, 1e-9);

    // P(X >= 3), n = 10, p = 0.1: 0.0701908.
    assertThat(binomial.atLeast(3, 10)).isCloseTo(0.0701908, within(1e-6));
    // (3 - 1) / sqrt(0.9)
    assertThat(binomial.z(3, 10)).isCloseTo(2.1082, within(1e-3));
  }

  @Test
  void hosts_that_act_together_make_many_at_once_likelier() {
    double alone = new BetaBinomial(0.01, 1e-9).atLeast(20, 500);
    double together = new BetaBinomial(0.01, 0.02).atLeast(20, 500);

    assertThat(alone).isLessThan(1e-5);
    assertThat(together).isGreaterThan(1e-2);
  }
}
