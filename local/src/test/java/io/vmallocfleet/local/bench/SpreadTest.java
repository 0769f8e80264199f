/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void is_the_middle_one_of_an_odd_number() {
    assertThat(Spread.of(DoubleStream.of(9, 1, 4))).isEqualTo(new Spread(4, 1, 9));
  }

  @Test
  void is_between_the_two_middle_ones_of_an_even_number() {
    assertThat(Spread.of(DoubleStream.of(9, 1, 4, 5))).isEqualTo(new Spread(4.5, 1, 9));
  }

  @Test
  void needs_a_measurement() {
    assertThatThrownBy(() -> Spread.of(DoubleStream.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no measurement to take the median of");
  }
}
