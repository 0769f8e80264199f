/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MannKendallTest {

  @Test
  void counts_rising_pairs_against_falling_ones() {
    // 10 pairs, all rising; variance 5 * 4 * 15 / 18 = 16.667; z = 9 / 4.0825 = 2.2045.
    MannKendall rising = MannKendall.of(new int[] {1, 2, 3, 4, 5});

    assertThat(rising.s()).isEqualTo(10);
    assertThat(rising.variance()).isCloseTo(16.667, within(0.001));
    assertThat(rising.z()).isCloseTo(2.2045, within(0.0001));
    assertThat(MannKendall.highestZ(5)).isEqualTo(rising.z());
  }

  @Test
  void takes_ties_out_of_the_variance() {
    // 8 pairs rise, 2 tie; variance (5*4*15 - 2*1*9 - 2*1*9) / 18 = 264 / 18 = 14.667;
    // z = 7 / 3.8297 = 1.8278.
    MannKendall tied = MannKendall.of(new int[] {1, 1, 2, 2, 3});

    assertThat(tied.s()).isEqualTo(8);
    assertThat(tied.variance()).isCloseTo(14.667, within(0.001));
    assertThat(tied.z()).isCloseTo(1.8278, within(0.0001));
  }

  @Test
  void has_no_z_where_nothing_moves() {
    assertThat(MannKendall.of(new int[] {7, 7, 7, 7}).z()).isZero();
    assertThat(MannKendall.of(new int[0]).z()).isZero();
  }

  @Property(tries = 200)
  void turns_its_sign_when_time_is_turned(
      @ForAll @Size(min = 2, max = 48) List<@IntRange(max = 40) Integer> values) {
    List<Integer> reversed = new ArrayList<>(values);
    Collections.reverse(reversed);

    assertThat(MannKendall.of(ints(reversed)).z())
        .isEqualTo(0.0 - MannKendall.of(ints(values)).z());
  }

  @Property(tries = 200)
  void sees_ranks_only(
      @ForAll @Size(min = 2, max = 48) List<@IntRange(max = 1000) Integer> values) {
    List<Integer> stretched = values.stream().map(value -> value * value + 3).toList();

    assertThat(MannKendall.of(ints(stretched))).isEqualTo(MannKendall.of(ints(values)));
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }
}
