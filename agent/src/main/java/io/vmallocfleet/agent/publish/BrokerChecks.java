/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.publish;

import io.vmallocfleet.agent.check.CheckResult;
import io.vmallocfleet.schemas.snapshot.SnapshotWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Checks of the way to Kafka: broker, topic, permission; the first that fails is the last. */
public final class BrokerChecks {
  private static final String PATIENCE_MILLIS = "5000";

  private BrokerChecks() {}

  public static List<CheckResult> run(String bootstrap, String topic, Map<String, String> kafka) {
    var properties = new Properties();
    properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
    kafka.forEach(properties::putIfAbsent);
    List<CheckResult> results = new ArrayList<>();
    try (Admin admin = Admin.create(properties)) {
      int brokers = admin.describeCluster().nodes().get().size();
      results.add(CheckResult.ok("broker", "%s answers, %d in all".formatted(bootstrap, brokers)));
      checkTopic(admin, topic, results);
    } catch (ExecutionException | KafkaException e) {
      results.add(
          CheckResult.fail("broker", "%s: %s".formatted(bootstrap, KafkaRefusal.reason(e))));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return results;
  }

  private static void checkTopic(Admin admin, String topic, List<CheckResult> results)
      throws InterruptedException {
    try {
      TopicDescription description =
          admin
              .describeTopics(
                  List.of(topic), new DescribeTopicsOptions().includeAuthorizedOperations(true))
              .allTopicNames()
              .get()
              .get(topic);
      var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
      results.add(topic(admin, description, resource));
      results.add(permission(description));
    } catch (ExecutionException e) {
      boolean missing = e.getCause() instanceof UnknownTopicOrPartitionException;
      results.add(
          CheckResult.fail(
              "topic",
              missing
                  ? "%1$s does not exist, or this user may not see it; create it: kafka-topics.sh --create --topic %1$s --config max.message.bytes=8388608 --config message.timestamp.type=LogAppendTime"
                      .formatted(topic)
                  : "%s cannot be described: %s; give this user DESCRIBE and WRITE on it"
                      .formatted(topic, KafkaRefusal.reason(e))));
    }
  }

  private static CheckResult topic(Admin admin, TopicDescription description, ConfigResource topic)
      throws InterruptedException {
    String found = "%s has %d partitions".formatted(topic.name(), description.partitions().size());
    try {
      String max =
          admin
              .describeConfigs(List.of(topic))
              .all()
              .get()
              .get(topic)
              .get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG)
              .value();
      if (Long.parseLong(max) < SnapshotWriter.DEFAULT_MAX_BYTES) {
        return CheckResult.warn(
            "topic",
            "%s, max.message.bytes=%s: snapshots of large hosts are dropped; set it to 8388608"
                .formatted(found, max));
      }
      return CheckResult.ok("topic", found);
    } catch (ExecutionException e) {
      return CheckResult.warn(
          "topic",
          "%s; its max.message.bytes is not shown to this user (%s), it should be 8388608"
              .formatted(found, KafkaRefusal.reason(e)));
    }
  }

  private static CheckResult permission(TopicDescription description) {
    Set<AclOperation> allowed = description.authorizedOperations();
    if (allowed == null || allowed.isEmpty()) {
      return CheckResult.warn(
          "permission", "the broker does not say what this user may do; it needs WRITE");
    }
    return allowed.contains(AclOperation.WRITE)
        ? CheckResult.ok("permission", "this user may write")
        : CheckResult.fail(
            "permission", "this user may only %s; give it WRITE on the topic".formatted(allowed));
  }
}
