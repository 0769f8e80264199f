/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.view;

import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.records.TopicTail;
import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.CallerWindow;
import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.UnreadableRecordException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Keeps a {@link FleetState} up to date from what the pipeline writes. The caller's loop is its
 * thread: each {@link #poll} is one duty cycle. A record that cannot be decoded is counted, and
 * missing topics or an absent broker are the state's {@link FleetState#trouble}.
 */
public final class FleetReader implements AutoCloseable {
  private static final List<FleetTopic> TOPICS =
      List.of(
          FleetTopic.HOST_WINDOWS,
          FleetTopic.CALLER_WINDOWS,
          FleetTopic.FINDINGS,
          FleetTopic.ALERTS,
          FleetTopic.DEAD_LETTERS);

  private final TopicTail tail;
  private final SingleObject<HostWindow> hostWindows = new SingleObject<>(HostWindow.class);
  private final SingleObject<CallerWindow> callerWindows = new SingleObject<>(CallerWindow.class);
  private final SingleObject<Finding> findings = new SingleObject<>(Finding.class);
  private final SingleObject<Alert> alerts = new SingleObject<>(Alert.class);
  private final SingleObject<DeadLetter> deadLetters = new SingleObject<>(DeadLetter.class);
  private FleetState state = FleetState.EMPTY;

  /**
   * Opens the connection; whether Kafka is there shows later.
   *
   * @throws org.apache.kafka.common.KafkaException if the bootstrap address cannot be one
   */
  public FleetReader(String bootstrap, TopicTail.From from) {
    this.tail =
        new TopicTail(
            KafkaAccess.open(bootstrap), TOPICS.stream().map(FleetTopic::topicName).toList(), from);
  }

  /** The state with what came within the time; the same object when nothing did. */
  public FleetState poll(Duration atMost) {
    List<ConsumerRecord<byte[], byte[]>> records = tail.poll(atMost);
    Optional<String> trouble = trouble();
    if (records.isEmpty() && trouble.equals(state.trouble())) {
      return state;
    }
    FleetState.Change change = state.change().trouble(trouble);
    records.forEach(record -> add(record, change));
    state = change.done();
    return state;
  }

  /** What the last {@link #poll} gave. */
  public FleetState state() {
    return state;
  }

  @Override
  public void close() {
    tail.close();
  }

  private Optional<String> trouble() {
    Stream<String> missing =
        tail.missing().isEmpty()
            ? Stream.empty()
            : Stream.of("no topic " + String.join(", ", tail.missing().stream().sorted().toList()));
    return Stream.concat(tail.trouble().stream(), missing).findFirst();
  }

  private void add(ConsumerRecord<byte[], byte[]> record, FleetState.Change change) {
    byte[] value = record.value();
    FleetTopic topic = FleetTopic.named(record.topic()).orElseThrow();
    if (value == null) {
      change.addUnreadable();
      return;
    }
    try {
      switch (topic) {
        case HOST_WINDOWS -> change.add(hostWindows.decode(value));
        case CALLER_WINDOWS -> change.add(callerWindows.decode(value));
        case FINDINGS -> change.add(findings.decode(value));
        case ALERTS -> change.add(alerts.decode(value));
        case DEAD_LETTERS -> change.add(deadLetters.decode(value));
        case SNAPSHOTS, RULES -> throw new IllegalStateException(topic + " is not followed");
      }
    } catch (UnreadableRecordException e) {
      change.addUnreadable();
    }
  }
}
