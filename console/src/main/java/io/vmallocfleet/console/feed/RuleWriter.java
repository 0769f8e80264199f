/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.feed;

import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.Rule;
import io.vmallocfleet.schemas.SingleObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes acknowledgements and mutes to {@code vmalloc.rules}: the only thing the console writes,
 * and the only one that needs WRITE. Connects at the first rule.
 */
public final class RuleWriter implements AutoCloseable {
  private static final Duration WITHIN = Duration.ofSeconds(10);

  private final KafkaConnection kafka;
  private final SingleObject<Rule> codec = new SingleObject<>(Rule.class);
  private KafkaProducer<byte[], byte[]> producer;

  public RuleWriter(KafkaConnection kafka) {
    this.kafka = kafka;
  }

  /**
   * Returns when the broker has it.
   *
   * @throws RuleNotWritten with why, for a person
   */
  public synchronized void write(Rule rule) throws RuleNotWritten {
    try {
      if (producer == null) {
        Map<String, Object> settings = kafka.settings();
        settings.put("acks", "all");
        settings.put("enable.idempotence", true);
        settings.put("max.block.ms", (int) WITHIN.toMillis());
        settings.put("request.timeout.ms", (int) WITHIN.toMillis() / 2);
        settings.put("delivery.timeout.ms", (int) WITHIN.toMillis());
        producer =
            new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
      }
      producer
          .send(
              new ProducerRecord<>(
                  FleetTopic.RULES.topicName(),
                  rule.getRuleId().getBytes(StandardCharsets.UTF_8),
                  codec.encode(rule)))
          .get(WITHIN.toMillis() + 1_000, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new RuleNotWritten(reason((Exception) e.getCause()), e);
    } catch (KafkaException | TimeoutException e) {
      throw new RuleNotWritten(reason(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RuleNotWritten("the console is stopping", e);
    }
  }

  private String reason(Exception e) {
    // An idempotent producer that may write nowhere is refused as such, before its topic is.
    return e instanceof AuthorizationException
        ? "the console's Kafka user may not write to " + FleetTopic.RULES.topicName()
        : kafka.describe(e);
  }

  @Override
  public synchronized void close() {
    if (producer != null) {
      producer.close(Duration.ofSeconds(5));
    }
  }

  /** Kafka did not take the rule; the message says why. */
  public static final class RuleNotWritten extends Exception {
    RuleNotWritten(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
