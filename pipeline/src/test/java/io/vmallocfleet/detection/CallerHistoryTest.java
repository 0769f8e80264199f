/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CallerHistoryTest {

  private static final DetectionSettings TEN_SECONDS =
      DetectionSettings.DEFAULTS.withBucket(Duration.ofSeconds(10));

  @Test
  void reports_jump_and_leak_of_one_caller_side_by_side() {
    Windows windows = new Windows(CallerHistory.unknown(), TEN_SECONDS, 10_000);
    for (int i = 0; i < 40; i++) {
      windows.mib(100 + 20 * i);
    }

    windows.mib(3000, 3020);

    // Ten seconds a bucket, 20 MiB in each: 7,200 MiB an hour.
    assertThat(windows.leaks()).isNotEmpty();
    assertThat(windows.leaks().get(0).bytesPerHour()).isEqualTo(7200.0 * Windows.MIB);
  }

  @Test
  void fits_into_its_share_of_memory_when_everything_is_full() throws Exception {
    Windows windows = new Windows(CallerHistory.unknown(), TEN_SECONDS, 10_000);
    for (int i = 0; i < 100; i++) {
      windows.mib(1000 + 10 * i);
    }
    windows.mib(9000);

    CallerHistory full = windows.history();

    assertThat(full.growth().ring().minima()).hasSize(48);
    assertThat(full.growth().trend()).isNotNull();
    // 48 + 24 values of 2 bytes; the rest are lengths, stamps, a trend, a surge.
    assertThat(bytes(full)).isEqualTo(250).isLessThan(DetectionSettings.STATE_BYTES);
  }

  @Test
  void takes_no_more_than_its_rings_when_new() throws Exception {
    assertThat(bytes(CallerHistory.unknown())).isEqualTo(78);
  }

  @Test
  void leaves_the_history_it_was_asked_about_as_it_was() {
    Windows windows = new Windows(CallerHistory.unknown(), TEN_SECONDS, 10_000).steady(60, 100);
    CallerHistory before = windows.history();
    int[] minima = before.growth().ring().minima().clone();

    windows.steady(5, 700).steady(60, 10);

    assertThat(before.growth().ring().minima()).isEqualTo(minima);
  }

  @Test
  void counts_in_4_kib_and_saturates_at_8_tib() {
    CallerHistory history = CallerHistory.unknown();

    history = history.observe(0, 8191, TEN_SECONDS).next();
    history = history.observe(10_000, Long.MAX_VALUE, TEN_SECONDS).next();

    assertThat(history.growth().ring().minima()).contains(1);
  }

  @Test
  void refuses_negative_bytes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CallerHistory.unknown().observe(0, -1, TEN_SECONDS))
        .withMessage("caller holds -1 bytes: expected at least 0");
  }

  @Test
  void reports_nothing_of_a_quiet_small_caller() {
    CallerHistory.Observation quiet =
        CallerHistory.unknown().observe(0, 1 << 20, DetectionSettings.DEFAULTS);

    assertThat(quiet.growth()).isNull();
    assertThat(quiet.surge()).isNull();
  }

  /** Bytes of the fields, a length in front of every array and a null mark before a record. */
  private static int bytes(Object value) throws ReflectiveOperationException {
    int bytes = 0;
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      Object field = component.getAccessor().invoke(value);
      Class<?> type = component.getType();
      if (type == long.class || type == double.class) {
        bytes += Long.BYTES;
      } else if (type == boolean.class) {
        bytes += 1;
      } else if (type == int.class || type == float.class) {
        bytes += Integer.BYTES;
      } else if (type == int[].class) {
        bytes += Integer.BYTES + Integer.BYTES * Array.getLength(field);
      } else if (type == short[].class) {
        bytes += Integer.BYTES + Short.BYTES * Array.getLength(field);
      } else {
        bytes += 1 + (field == null ? 0 : bytes(field));
      }
    }
    return bytes;
  }
}
