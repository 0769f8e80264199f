/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.feed;

import io.vmallocfleet.console.store.FleetStore;
import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.CallerWindow;
import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.Rule;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Decodes the records of our topics for the store. One thread. */
final class RecordReader {
  private final SingleObject<HostWindow> hostWindows = new SingleObject<>(HostWindow.class);
  private final SingleObject<CallerWindow> callerWindows = new SingleObject<>(CallerWindow.class);
  private final SingleObject<Finding> findings = new SingleObject<>(Finding.class);
  private final SingleObject<Alert> alerts = new SingleObject<>(Alert.class);
  private final SingleObject<Rule> rules = new SingleObject<>(Rule.class);
  private final SingleObject<DeadLetter> deadLetters = new SingleObject<>(DeadLetter.class);
  private final FleetStore store;

  RecordReader(FleetStore store) {
    this.store = store;
  }

  /**
   * Decodes at once; what is returned puts the record into the store.
   *
   * @throws UnreadableRecordException if the value is not what the topic holds
   */
  Runnable read(ConsumerRecord<byte[], byte[]> record) throws UnreadableRecordException {
    FleetTopic topic = FleetTopic.named(record.topic()).orElseThrow();
    byte[] value = record.value();
    if (value == null) {
      return deletion(topic, record.key());
    }
    return switch (topic) {
      case HOST_WINDOWS -> {
        HostWindow window = hostWindows.decode(value);
        yield () -> store.add(window, value);
      }
      case CALLER_WINDOWS -> {
        CallerWindow window = callerWindows.decode(value);
        yield () -> store.add(window);
      }
      case FINDINGS -> {
        Finding finding = findings.decode(value);
        yield () -> store.add(finding);
      }
      case ALERTS -> {
        Alert alert = alerts.decode(value);
        yield () -> store.add(alert);
      }
      case RULES -> {
        Rule rule = rules.decode(value);
        yield () -> store.add(rule);
      }
      case DEAD_LETTERS -> {
        DeadLetter letter = deadLetters.decode(value);
        yield () -> store.add(letter, record.partition() + "-" + record.offset());
      }
      case SNAPSHOTS -> () -> {};
    };
  }

  /** A compacted topic deletes a key by a record without a value. */
  private Runnable deletion(FleetTopic topic, byte[] key) {
    if (key == null) {
      return () -> {};
    }
    String id = new String(key, StandardCharsets.UTF_8);
    return switch (topic) {
      case ALERTS -> () -> store.removeAlert(id);
      case RULES -> () -> store.removeRule(id);
      case SNAPSHOTS, CALLER_WINDOWS, HOST_WINDOWS, FINDINGS, DEAD_LETTERS -> () -> {};
    };
  }
}
