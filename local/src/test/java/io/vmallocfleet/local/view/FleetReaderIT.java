/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.local.records.TestKafka;
import io.vmallocfleet.local.records.TopicTail;
import io.vmallocfleet.schemas.CallerUsage;
import io.vmallocfleet.schemas.CallerWindow;
import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.SingleObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetReaderIT {
  private static final CallerUsage STACKS = Samples.caller("kernel_clone", "", 10, 40);

  @TempDir Path data;

  @Test
  void every_topic_ends_up_in_the_state_and_what_cannot_be_decoded_is_counted() throws Exception {
    try (TestKafka kafka = TestKafka.start(data, 0)) {
      kafka.create(FleetTopic.values());
      kafka.write(
          FleetTopic.HOST_WINDOWS,
          new SingleObject<>(HostWindow.class).encode(Samples.host("vm-01", 0, STACKS).build()),
          new byte[] {1, 2, 3},
          null);
      kafka.write(
          FleetTopic.CALLER_WINDOWS,
          new SingleObject<>(CallerWindow.class)
              .encode(
                  Samples.callers(
                      "kernel_clone", 0, Samples.COHORT, Samples.use("vm-01", 10, 40))));
      kafka.write(
          FleetTopic.FINDINGS,
          new SingleObject<>(Finding.class)
              .encode(Samples.finding(FindingKind.LEAK, "vm-01", 0, "It grows.")));
      kafka.write(
          FleetTopic.DEAD_LETTERS,
          new SingleObject<>(DeadLetter.class).encode(Samples.deadLetter()));

      try (var reader = new FleetReader(kafka.bootstrap(), TopicTail.From.BEGINNING)) {
        FleetState state =
            pollUntil(
                reader,
                s ->
                    s.fleet().isPresent()
                        && s.unreadable() == 2
                        && s.deadLetters() == 1
                        && !s.findings().isEmpty());

        assertThat(state.host("vm-01-id").orElseThrow().latest().getBytes()).isEqualTo(40 * 4096);
        assertThat(state.fleet().orElseThrow().bytes()).isEqualTo(40 * 4096);
        assertThat(state.trouble()).isEmpty();
        assertThat(reader.poll(Duration.ofMillis(50))).isSameAs(state);
      }
    }
  }

  @Test
  void missing_topics_are_trouble_until_they_appear() throws Exception {
    try (TestKafka kafka = TestKafka.start(data, 0);
        var reader = new FleetReader(kafka.bootstrap(), TopicTail.From.END)) {
      FleetState without = pollUntil(reader, s -> s.trouble().isPresent());
      assertThat(without.trouble())
          .hasValue(
              "no topic vmalloc.alerts, vmalloc.caller-windows, vmalloc.dead-letters, vmalloc.findings, vmalloc.host-windows");

      kafka.create(FleetTopic.values());

      assertThat(pollUntil(reader, s -> s.trouble().isEmpty()).hosts()).isEmpty();
    }
  }

  private static FleetState pollUntil(FleetReader reader, Predicate<FleetState> done) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!done.test(reader.poll(Duration.ofMillis(100)))) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
    }
    return reader.state();
  }
}
