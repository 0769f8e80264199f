/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HostPanelTest {
  private static final FleetSettings SETTINGS = SimulatedPopulation.SETTINGS;
  private static final long PAGE = 4096;

  private HostPanel panel = HostPanel.of("boot-1", "old", 0);

  @Test
  void the_lowest_of_the_looks_counts_and_a_caller_not_always_there_counts_as_nothing() {
    look(0, 0, "steady", 5, "burst", 9);
    look(0, 1, "steady", 4, "burst", 7);
    look(0, 2, "steady", 6);
    look(0, 3, "steady", 5, "burst", 9);

    HostBucket bucket = close(0);

    assertThat(bucket.callers()).containsExactly("steady", "burst");
    assertThat(bucket.level()).containsExactly(4, 0);
    assertThat(bucket.growth()).isNull();
  }

  @Test
  void growth_is_what_a_host_holds_more_than_a_day_ago() {
    for (int b = 0; b < 6; b++) {
      whole(b, "boot-1", "old", "cache", 100 + b);
    }

    HostBucket bucket = whole(6, "boot-1", "old", "cache", 130, "fresh", 7);

    // Bucket 6 is a day after bucket 0; a caller that was not there held nothing.
    assertThat(bucket.callers()).containsExactly("cache", "fresh");
    assertThat(bucket.growth()).containsExactly(30, 7);
  }

  @Test
  void a_caller_that_went_falls_to_nothing_and_after_two_days_takes_no_state() {
    for (int b = 0; b < 6; b++) {
      whole(b, "boot-1", "old", "cache", 100, "gone", 40);
    }
    HostBucket first = whole(6, "boot-1", "old", "cache", 100);
    for (int b = 7; b < 19; b++) {
      whole(b, "boot-1", "old", "cache", 100);
    }

    assertThat(first.growth()).containsExactly(0, -40);
    assertThat(panel.callers()).containsExactly("cache");
  }

  @Test
  void after_a_reboot_a_host_is_compared_with_itself_before_at_the_same_hour() {
    for (int b = 0; b < 6; b++) {
      whole(b, "boot-1", "old", "stacks", 100 + 10 * b, "old_name", 50);
    }

    HostBucket bucket = whole(7, "boot-2", "new", "stacks", 200, "new_name", 55);

    // Bucket 7 is the second of its day, and so was bucket 1.
    assertThat(bucket.formerCohort()).isEqualTo("old");
    assertThat(bucket.callers()).containsExactly("stacks", "new_name", "old_name");
    assertThat(bucket.level()).containsExactly(200, 55, 0);
    assertThat(bucket.former()).containsExactly(110, 0, 50);
    assertThat(bucket.growth()).isNull();
    assertThat(bucket.age()).isZero();
  }

  @Test
  void a_bucket_the_host_was_not_seen_throughout_is_no_sample_and_no_yesterday() {
    for (int b = 0; b < 6; b++) {
      if (b == 2) {
        look(b, 3, "cache", 1);
        assertThat(close(b)).isNull();
      } else {
        whole(b, "boot-1", "old", "cache", 100);
      }
    }

    assertThat(whole(7, "boot-1", "old", "cache", 100).growth()).containsExactly(0);
    assertThat(whole(8, "boot-1", "old", "cache", 100).growth()).isNull();
  }

  @Test
  void a_week_after_the_reboot_the_boot_before_is_forgotten() {
    for (int b = 0; b < 6; b++) {
      whole(b, "boot-1", "old", "cache", 100);
    }
    for (int b = 6; b <= 6 + 42; b++) {
      assertThat(whole(b, "boot-2", "new", "cache", 100).former()).isNotNull();
    }

    assertThat(whole(49, "boot-2", "new", "cache", 100).former()).isNull();
    assertThat(panel.formerCallers()).isEmpty();
  }

  @Test
  void made_up_names_do_not_fill_the_state() {
    String[] names = new String[HostPanel.MAX_CALLERS + 1_000];
    long[] bytes = new long[names.length];
    for (int i = 0; i < names.length; i++) {
      names[i] = "caller_" + i;
      bytes[i] = PAGE;
    }
    panel = panel.look(0, 0, "boot-1", "old", names, bytes, SETTINGS);

    assertThat(panel.callers()).hasSize(HostPanel.MAX_CALLERS);
  }

  @Test
  void a_host_is_looked_at_once_in_each_part_of_a_bucket_however_often_it_is_seen() {
    FleetSettings settings = FleetSettings.DEFAULTS;
    for (long interval : new long[] {60_000, 300_000, 600_000}) {
      int[] looks = new int[settings.looks()];
      long start = 100 * settings.bucketMillis();
      long due = start;
      for (long at = start; at < start + settings.bucketMillis(); at += interval) {
        if (at >= due) {
          looks[settings.look(at)]++;
          due = settings.nextLookMillis("web-17", at);
        }
      }

      // The first look is due at once, so the first part of the bucket may see two.
      assertThat(java.util.Arrays.stream(looks).min()).hasValue(1);
      assertThat(java.util.Arrays.stream(looks).sum()).isBetween(24, 25);
    }
  }

  @Test
  void growth_as_even_as_a_leak_is_steady_and_a_step_or_a_filling_cache_is_not() {
    HostBucket last = null;
    for (int b = 0; b < 20; b++) {
      int step = b < 10 ? 100 : 400;
      // Fills to 63 % in a day and a half.
      int cache = (int) Math.round(1000 * (1 - Math.exp(-b / 9.0)));
      last = whole(b, "boot-1", "old", "leak", 100 + 5 * b, "step", step, "cache", cache);
      // The step looks even in the one bucket in which it lies between the days.
      assertThat(last.steady()[1]).isLessThan(Steady.BUCKETS);
    }

    // Two whole days are bucket 11; from there on every bucket counts.
    assertThat(last.callers()).containsExactly("leak", "step", "cache");
    assertThat(last.steady()).containsExactly(9, 0, 0);
  }

  private HostBucket whole(int bucket, String boot, String build, Object... callers) {
    for (int look = 0; look < 4; look++) {
      look(bucket, look, boot, build, callers);
    }
    return close(bucket);
  }

  private void look(int bucket, int look, Object... callers) {
    look(bucket, look, "boot-1", "old", callers);
  }

  private void look(int bucket, int look, String boot, String build, Object[] callers) {
    String[] names = new String[callers.length / 2];
    long[] bytes = new long[names.length];
    for (int i = 0; i < names.length; i++) {
      names[i] = (String) callers[2 * i];
      bytes[i] = PAGE * (Integer) callers[2 * i + 1];
    }
    panel = panel.look(bucket, look, boot, build, names, bytes, SETTINGS);
  }

  private HostBucket close(int bucket) {
    HostPanel.Closed closed = panel.close(bucket, SETTINGS);
    panel = closed.next();
    return closed.sample();
  }
}
