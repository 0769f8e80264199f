/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WatermarksTest {
  private final Watermarks watermarks = new Watermarks(2, 10_000);

  @Test
  void a_window_is_over_when_the_last_partition_is_that_far_and_the_wait_has_passed() {
    watermarks.appended(0, 69_999, 100);
    watermarks.appended(0, 70_000, 200);
    watermarks.appended(1, 71_000, 300);
    watermarks.appended(0, 75_000, 400);

    assertThat(watermarks.passed(60_000)).hasValue(300);
  }

  @Test
  void a_snapshot_that_comes_after_a_later_one_moves_nothing() {
    watermarks.appended(0, 80_000, 100);
    watermarks.appended(0, 70_000, 200);
    watermarks.appended(1, 70_000, 50);

    assertThat(watermarks.passed(60_000)).hasValue(100);
  }

  @Test
  void as_long_as_a_partition_is_behind_no_window_is_over() {
    watermarks.appended(0, 80_000, 100);

    assertThat(watermarks.passed(60_000)).isEmpty();
  }

  @Test
  void of_a_hundred_latencies_the_99th_is_p99() {
    long[] millis = new long[100];
    for (int i = 0; i < 100; i++) {
      millis[i] = 100 - i;
    }

    assertThat(Latency.of(millis))
        .hasToString("100 findings, after the watermark: p50 50 ms, p99 99 ms, at most 100 ms");
    assertThatThrownBy(() -> Latency.of(new long[0])).hasMessageContaining("no finding came");
  }
}
