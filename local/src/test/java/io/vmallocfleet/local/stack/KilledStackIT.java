/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.pipeline.deploy.RestorePoint;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kafka, Flink and an exactly-once job in one JVM, killed with a transaction open whose timeout is
 * an hour. Were the transaction waited for rather than aborted or committed at the restart, nothing
 * would be readable for that hour.
 */
class KilledStackIT {
  @TempDir Path data;

  @Test
  void nothing_is_lost_nothing_is_twice_and_nobody_waits_for_the_open_transaction()
      throws Exception {
    int port = 0;
    int produced = 0;
    for (int kill = 0; kill < 2; kill++) {
      try (var stack = StackProcess.start(data, port, true)) {
        port = stack.port();
        TestTopics.produce(stack.bootstrap(), CountingJob.IN, lines(produced, produced + 200));
        produced += 200;
        TestTopics.consume(stack.bootstrap(), CountingJob.OUT, produced);
        // Read by the job, written into an open transaction, not yet committed.
        TestTopics.produce(stack.bootstrap(), CountingJob.IN, lines(produced, produced + 50));
        produced += 50;
        TestTopics.awaitUncommitted(stack.bootstrap(), CountingJob.OUT, produced);
        assertThat(TestTopics.heldBack(stack.bootstrap(), CountingJob.OUT)).isPositive();
      }
    }

    try (var stack = StackProcess.start(data, port, true)) {
      Instant ready = Instant.now();
      List<String> read = TestTopics.consume(stack.bootstrap(), CountingJob.OUT, produced);

      assertThat(Duration.between(ready, Instant.now())).isLessThan(Duration.ofSeconds(20));
      assertThat(read).containsExactlyElementsOf(numbered(produced));
    }
  }

  @Test
  void a_terminated_stack_leaves_a_savepoint_and_goes_on_from_it() throws Exception {
    try (var stack = StackProcess.start(data, 0, true)) {
      TestTopics.produce(stack.bootstrap(), CountingJob.IN, lines(0, 100));
      TestTopics.consume(stack.bootstrap(), CountingJob.OUT, 100);
      stack.terminate();
    }
    var left = RestorePoint.newestIn(List.of(data.resolve("flink").resolve("savepoints")));
    assertThat(left).isPresent();

    try (var stack = StackProcess.start(data, 0, true)) {
      TestTopics.produce(stack.bootstrap(), CountingJob.IN, lines(100, 200));
      assertThat(TestTopics.consume(stack.bootstrap(), CountingJob.OUT, 200))
          .containsExactlyElementsOf(numbered(200));
    }
  }

  private static List<String> lines(int from, int to) {
    return IntStream.range(from, to).mapToObj(String::valueOf).toList();
  }

  private static List<String> numbered(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> i + " is number " + (i + 1) + " of all")
        .toList();
  }
}
