/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class TailCountsTest {

  @Test
  void knows_nothing_for_certain_at_the_start() {
    // Student's t with four degrees of freedom: P(|t| > 2.78) is 0.05, and a point is added above.
    assertThat(TailCounts.unknown().surprise(2.78)).isCloseTo(1.3, within(0.3));
  }

  @Test
  void agrees_with_the_counts_inside_and_with_pareto_outside() {
    TailCounts tail = pareto(4000, 4);

    // P(X > x) = x^-4 from 1 on.
    assertThat(tail.surprise(2)).isCloseTo(4 * Math.log10(2), within(0.15));
    assertThat(tail.surprise(30)).isCloseTo(4 * Math.log10(30), within(1.5));
  }

  @Test
  void calls_a_far_value_rarer_after_a_light_tail_than_after_a_heavy_one() {
    assertThat(pareto(4000, 8).surprise(20)).isGreaterThan(pareto(4000, 2).surprise(20) + 3);
  }

  @Test
  void does_not_wonder_at_what_has_come_up_often() {
    TailCounts tail = pareto(2000, 8);
    double before = tail.surprise(100);

    for (int i = 0; i < 20; i++) {
      tail.add(100, TailCounts.POINT);
    }

    // 20 of 2,052 points, those in its own bin half, at 0.3 of their weight: 2.8.
    assertThat(before).isGreaterThan(8);
    assertThat(tail.surprise(100)).isCloseTo(2.8, within(0.1));
  }

  @Test
  void forgets_what_was_usual_long_ago() {
    TailCounts tail = TailCounts.unknown();
    for (int i = 0; i < 4000; i++) {
      tail.add(50, TailCounts.POINT);
    }
    double usual = tail.surprise(50);

    for (int i = 0; i < 40_000; i++) {
      tail.add(1, TailCounts.POINT);
    }

    assertThat(usual).isLessThan(1);
    assertThat(tail.surprise(50)).isGreaterThan(3);
  }

  @Test
  void is_32_bytes_and_the_same_when_read_back() {
    TailCounts tail = pareto(5000, 3);
    ByteBuffer state = ByteBuffer.allocate(TailCounts.BYTES);
    tail.write(state);

    TailCounts again = TailCounts.read(state.flip());

    assertThat(TailCounts.BYTES).isEqualTo(32);
    assertThat(again.surprise(7)).isEqualTo(tail.surprise(7));
  }

  @Property(tries = 200)
  void a_larger_magnitude_is_never_less_surprising(
      @ForAll @DoubleRange(min = 0, max = 1e6) double one,
      @ForAll @DoubleRange(min = 0, max = 1e6) double other) {
    TailCounts tail = pareto(500, 4);

    // Within one bin the count is interpolated, so that equal counts may differ in the last digits.
    assertThat(tail.surprise(Math.max(one, other)))
        .isGreaterThanOrEqualTo(tail.surprise(Math.min(one, other)) - 0.35);
  }

  private static TailCounts pareto(int points, double exponent) {
    SplittableRandom random = new SplittableRandom(7);
    TailCounts tail = TailCounts.unknown();
    for (int i = 0; i < points; i++) {
      tail.add(Math.pow(1 - random.nextDouble(), -1 / exponent), TailCounts.POINT);
    }
    return tail;
  }
}
