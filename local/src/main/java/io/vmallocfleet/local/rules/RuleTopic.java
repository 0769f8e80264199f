/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.rules;

import io.vmallocfleet.agent.publish.KafkaRefusal;
import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.record.TopicRange;
import io.vmallocfleet.local.stack.StackException;
import io.vmallocfleet.rules.DetectionRules;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.Rule;
import io.vmallocfleet.schemas.RuleKind;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import javax.annotation.Nullable;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The document of thresholds in {@code vmalloc.rules}. */
record RuleTopic(KafkaAccess kafka) {
  private static final String TOPIC = FleetTopic.RULES.topicName();

  /** The last document, if it was not withdrawn. What cannot be read is left out. */
  Optional<Rule> inForce() {
    var codec = new SingleObject<>(Rule.class);
    Rule last = null;
    try (TopicRange range = TopicRange.open(kafka, TOPIC, null, null)) {
      for (Optional<byte[]> value = range.next(); value.isPresent(); value = range.next()) {
        try {
          Rule rule = codec.decode(value.get());
          last = rule.getKind() == RuleKind.DETECTION ? rule : last;
        } catch (UnreadableRecordException e) {
          // The jobs keep it in the dead letters.
        }
      }
    } catch (KafkaException e) {
      throw new StackException("%s cannot be read: %s".formatted(TOPIC, KafkaRefusal.reason(e)), e);
    }
    return Optional.ofNullable(last).filter(Rule::getActive);
  }

  /**
   * @param document checked before; null withdraws the one in force
   * @throws StackException when the broker does not take it
   */
  void set(@Nullable String document, String by, String why, Instant at) {
    SingleObject.trustOwnClasses();
    Rule rule =
        Rule.newBuilder()
            .setRuleId(DetectionRules.RULE_ID)
            .setKind(RuleKind.DETECTION)
            .setActive(document != null)
            .setAt(at.truncatedTo(ChronoUnit.MILLIS))
            .setBy(by)
            .setWhy(why)
            .setDocument(document)
            .build();
    byte[] key = DetectionRules.RULE_ID.getBytes(StandardCharsets.UTF_8);
    byte[] value = new SingleObject<>(Rule.class).encode(rule);
    Map<String, Object> properties =
        kafka.client(
            Map.of(
                "acks",
                "all",
                "max.block.ms",
                15_000,
                "delivery.timeout.ms",
                30_000,
                "request.timeout.ms",
                15_000));
    try (var producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(TOPIC, key, value)).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("%s was not written: interrupted".formatted(TOPIC), e);
    } catch (ExecutionException | KafkaException e) {
      throw new StackException(
          "%s was not written: %s".formatted(TOPIC, KafkaRefusal.reason(e)), e);
    }
  }
}
