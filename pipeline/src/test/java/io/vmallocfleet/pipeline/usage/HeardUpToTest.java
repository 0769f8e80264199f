/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HeardUpToTest {
  private static final HeardUpTo FIVE = new HeardUpTo("run-1", 5);

  @Test
  void numbers_that_follow_lose_nothing_in_any_order() {
    assertThat(HeardUpTo.lost(FIVE, run("run-1", 0, 8, 6, 7))).isZero();
  }

  @Test
  void numbers_left_out_are_lost() {
    assertThat(HeardUpTo.lost(FIVE, run("run-1", 0, 8, 10))).isEqualTo(3);
  }

  @Test
  void what_was_heard_before_is_neither_lost_nor_found() {
    assertThat(HeardUpTo.lost(FIVE, run("run-1", 0, 3, 5, 6))).isZero();
    assertThat(HeardUpTo.lost(FIVE, run("run-1", 0, 3))).isZero();
  }

  @Test
  void a_new_run_begins_at_zero_and_says_what_the_old_one_dropped() {
    assertThat(HeardUpTo.lost(FIVE, run("run-2", 0, 0, 1))).isZero();
    assertThat(HeardUpTo.lost(FIVE, run("run-2", 0, 4, 5))).isEqualTo(4);
    assertThat(HeardUpTo.lost(FIVE, run("run-2", 7, 0))).isEqualTo(7);
  }

  @Test
  void nobody_knows_what_came_before_the_first() {
    assertThat(HeardUpTo.lost(null, run("run-1", 9, 100, 103))).isEqualTo(2);
  }

  @Test
  void goes_on_from_the_highest_of_the_latest_run() {
    assertThat(HeardUpTo.after(FIVE, "run-1", run("run-1", 0, 3)).sequence()).isEqualTo(5);
    assertThat(HeardUpTo.after(FIVE, "run-2", run("run-2", 0, 1, 0)))
        .isEqualTo(new HeardUpTo("run-2", 1));
  }

  private static List<SnapshotNumber> run(String run, long dropped, long... sequences) {
    return LongStream.of(sequences)
        .mapToObj(sequence -> new SnapshotNumber(run, sequence, dropped))
        .toList();
  }
}
