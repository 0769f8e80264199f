/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class CadenceTest {
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final long SECOND = 1_000_000_000L;
  private static final Instant NOW = Instant.parse("2026-11-23T06:00:00Z");

  @Property
  void the_second_reading_comes_half_an_interval_to_one_and_a_half_after_the_first(
      @ForAll String hostId, @ForAll @LongRange(min = 0, max = 4_000_000_000L) long second) {
    var cadence = Cadence.start(hostId, INTERVAL, Instant.ofEpochSecond(second), 77);

    assertThat(cadence.untilNext(77)).isBetween(5 * SECOND, 15 * SECOND);
  }

  @Property
  void a_host_keeps_its_moment_across_restarts(
      @ForAll String hostId, @ForAll @IntRange(min = 0, max = 1_000_000) int laterMillis) {
    long first = Cadence.start(hostId, INTERVAL, NOW, 0).untilNext(0);
    long again =
        Cadence.start(hostId, INTERVAL, NOW.plusMillis(laterMillis), 0).untilNext(0)
            + laterMillis * 1_000_000L;

    assertThat(Math.floorMod(again - first, INTERVAL.toNanos())).isZero();
  }

  @Test
  void hosts_spread_over_the_interval() {
    long[] inTenth = new long[10];
    IntStream.range(0, 10_000)
        .mapToObj(i -> Cadence.start("host-" + i, INTERVAL, NOW, 0).untilNext(0))
        .forEach(wait -> inTenth[(int) (wait % INTERVAL.toNanos() / SECOND)]++);

    assertThat(LongStream.of(inTenth).boxed()).allMatch(hosts -> hosts > 900 && hosts < 1100);
  }

  @Test
  void moments_that_pass_during_a_long_reading_are_skipped_and_counted() {
    var cadence = Cadence.start("host", INTERVAL, NOW, 0);
    long second = cadence.untilNext(0);
    assertThat(cadence.untilNext(second + SECOND)).isEqualTo(9 * SECOND);
    assertThat(cadence.takeSkipped()).isZero();

    // The third begins in time and takes 25 s: the fourth and fifth are skipped.
    assertThat(cadence.untilNext(second + 35 * SECOND)).isEqualTo(5 * SECOND);
    assertThat(cadence.takeSkipped()).isEqualTo(2);
    assertThat(cadence.takeSkipped()).isZero();
  }
}
