/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RobustStatisticsTest {

  @Test
  void takes_the_middle_or_the_mean_of_the_two_middles() {
    assertThat(RobustStatistics.median(9, 1, 5)).isEqualTo(5);
    assertThat(RobustStatistics.median(9, 1, 5, 6)).isEqualTo(5.5);
    assertThat(RobustStatistics.median(Integer.MAX_VALUE, Integer.MAX_VALUE))
        .isEqualTo(Integer.MAX_VALUE);
    assertThat(RobustStatistics.median()).isNaN();
  }

  @Test
  void passes_over_an_outlier_in_sigma() {
    // Median 3, deviations 2 1 0 1 97, their median 1: 1.4826.
    assertThat(RobustStatistics.sigma(new int[] {1, 2, 3, 4, 100})).isEqualTo(1.4826);
  }

  @Test
  void takes_the_median_slope_over_all_pairs() {
    // Pairs of (0,0) (1,2) (2,4) (4,50): 2, 2, 2, 12.5, 16, 23; median (2 + 12.5) / 2.
    assertThat(RobustStatistics.theilSenSlope(new int[] {0, 2, 4, 50}, new int[] {0, 1, 2, 4}))
        .isEqualTo(7.25);
  }

  @Property(tries = 100)
  void finds_the_slope_of_a_line_whatever_positions_are_missing(
      @ForAll @IntRange(min = -1000, max = 1000) int slope,
      @ForAll @IntRange(min = 1, max = 5) int stride) {
    int[] positions = IntStream.range(0, 10).map(i -> i * stride).toArray();
    int[] values = IntStream.of(positions).map(position -> 100_000 + slope * position).toArray();

    assertThat(RobustStatistics.theilSenSlope(values, positions)).isCloseTo(slope, within(1e-9));
  }
}
