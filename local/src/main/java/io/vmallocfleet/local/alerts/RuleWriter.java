/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.alerts;

import io.vmallocfleet.agent.publish.KafkaRefusal;
import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.stack.StackException;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.Rule;
import io.vmallocfleet.schemas.SingleObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes what people tell the jobs, acknowledged by every replica. */
final class RuleWriter {
  private static final int LIMIT_MILLIS = 10_000;

  private RuleWriter() {}

  /**
   * @throws StackException when Kafka does not take it
   */
  static void write(KafkaAccess kafka, Rule rule) {
    var properties =
        kafka.client(
            Map.of(
                "acks",
                "all",
                "max.block.ms",
                LIMIT_MILLIS,
                "delivery.timeout.ms",
                LIMIT_MILLIS,
                "request.timeout.ms",
                LIMIT_MILLIS / 2));
    try (var producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  FleetTopic.RULES.topicName(),
                  rule.getRuleId().getBytes(StandardCharsets.UTF_8),
                  new SingleObject<>(Rule.class).encode(rule)))
          .get();
    } catch (KafkaException | ExecutionException e) {
      throw new StackException(
          "%s at %s does not take the rule: %s"
              .formatted(FleetTopic.RULES.topicName(), kafka.bootstrap(), KafkaRefusal.reason(e)),
          e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
