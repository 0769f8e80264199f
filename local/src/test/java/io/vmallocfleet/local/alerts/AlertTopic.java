/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.alerts;

import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.records.TopicTail;
import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.SingleObject;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The last record of every alert. */
final class AlertTopic implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final TopicTail tail;
  private final SingleObject<Alert> codec = new SingleObject<>(Alert.class);
  private final Map<String, Alert> alerts = new HashMap<>();

  AlertTopic(String bootstrap) {
    tail =
        new TopicTail(
            KafkaAccess.open(bootstrap),
            List.of(FleetTopic.ALERTS.topicName()),
            TopicTail.From.BEGINNING);
  }

  void await(Duration limit, String fingerprint, String state) throws Exception {
    Await.until(
        limit,
        fingerprint + " is " + state + " in the topic",
        () -> {
          for (ConsumerRecord<byte[], byte[]> record :
              isIn(fingerprint, state)
                  ? List.<ConsumerRecord<byte[], byte[]>>of()
                  : tail.poll(POLL)) {
            Alert alert = codec.decode(record.value());
            alerts.put(alert.getFingerprint(), alert);
          }
          return isIn(fingerprint, state);
        });
  }

  /**
   * The first alert that is in that state.
   *
   * @param meanwhile done before each look
   */
  Alert awaitAny(Duration limit, String state, Runnable meanwhile) throws Exception {
    Await.until(
        limit,
        "an alert is " + state + " in the topic",
        () -> {
          meanwhile.run();
          for (ConsumerRecord<byte[], byte[]> record : tail.poll(POLL)) {
            Alert alert = codec.decode(record.value());
            alerts.put(alert.getFingerprint(), alert);
          }
          return alerts.values().stream().anyMatch(a -> a.getState().name().equals(state));
        });
    return alerts.values().stream()
        .filter(a -> a.getState().name().equals(state))
        .findFirst()
        .orElseThrow();
  }

  Alert of(String fingerprint) {
    return alerts.get(fingerprint);
  }

  private boolean isIn(String fingerprint, String state) {
    return alerts.containsKey(fingerprint)
        && alerts.get(fingerprint).getState().name().equals(state);
  }

  /** Until a checkpoint has been completed that was begun after now. */
  static void awaitCheckpoint(RoutedFleet fleet, Path directory, Duration limit) throws Exception {
    var before = new AtomicLong();
    Await.until(
        limit,
        "a checkpoint",
        () -> {
          before.set(newest(directory));
          return before.get() > 0;
        });
    Await.until(
        limit,
        "two checkpoints more of " + fleet.job().name(),
        () -> newest(directory) >= before.get() + 2);
  }

  private static long newest(Path directory) throws Exception {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> file.getFileName().toString().equals("_metadata"))
          .map(file -> file.getParent().getFileName().toString())
          .filter(name -> name.startsWith("chk-"))
          .mapToLong(name -> Long.parseLong(name.substring("chk-".length())))
          .max()
          .orElse(0);
    } catch (UncheckedIOException e) {
      return 0; // a checkpoint was discarded while it was looked at
    }
  }

  @Override
  public void close() {
    tail.close();
  }
}
