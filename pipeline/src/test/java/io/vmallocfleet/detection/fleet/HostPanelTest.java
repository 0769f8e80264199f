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
  void a_caller_that_went_falls_to_nothing_and_after_a_day_takes_no_state() {
    for (int b = 0; b < 6; b++) {
      whole(b, "boot-1", "old", "cache", 100, "gone", 40);
    }
    HostBucket first = whole(6, "boot-1", "old", "cache", 100);
    for (int b = 7; b < 13; b++) {
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
  void a_host_is_looked_at_once_in_each_part_of_a_bucket() {
    FleetSettings settings = FleetSettings.DEFAULTS;
    for (String host : new String[] {"a", "web-17", "0123456789abcdef"}) {
      int[] looks = new int[settings.looks()];
      long start = 100 * settings.bucketMillis();
      for (long at = start; at < start + settings.bucketMillis(); at += 60_000) {
        int look = settings.look(host, at, at + 60_000);
        if (look >= 0) {
          looks[look]++;
        }
      }

      assertThat(looks).containsOnly(1);
    }
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
