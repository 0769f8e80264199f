/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.stack;

import io.vmallocfleet.agent.publish.KafkaRefusal;
import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.schemas.FleetTopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * The topics of one Kafka cluster: makes what is missing, tells what differs, measures what is
 * there.
 */
public final class TopicAdmin implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String bootstrap;
  private final Admin admin;

  /** Does not connect yet; every question fails after ten seconds without an answer. */
  public TopicAdmin(KafkaAccess kafka) {
    this(kafka, PATIENCE);
  }

  /** Does not connect yet; every question fails after that long without an answer. */
  public TopicAdmin(KafkaAccess kafka, Duration patience) {
    this.bootstrap = kafka.bootstrap();
    this.admin =
        Admin.create(
            kafka.client(
                Map.of(
                    "request.timeout.ms",
                    (int) patience.toMillis() / 2,
                    "default.api.timeout.ms",
                    (int) patience.toMillis())));
  }

  /** A topic as it should be; settings by their Kafka names. */
  public record Wanted(String name, int partitions, short replicas, Map<String, String> settings) {
    public Wanted {
      if (partitions < 1) {
        throw new IllegalArgumentException(
            "%s has %d partitions: expected at least 1".formatted(name, partitions));
      }
      settings = Map.copyOf(settings);
    }
  }

  /** All topics of the product. */
  public static List<Wanted> wanted(int partitions, short replicas) {
    return Stream.of(FleetTopic.values())
        .map(t -> new Wanted(t.topicName(), partitions, replicas, t.settings()))
        .toList();
  }

  /**
   * A topic that is there but not as wanted; setting is a Kafka config, {@code partitions} or
   * {@code replicas}.
   */
  public record Difference(String topic, String setting, String wanted, String actual) {
    @Override
    public String toString() {
      return "topic %s: %s is %s, expected %s".formatted(topic, setting, actual, wanted);
    }
  }

  /**
   * What one topic holds.
   *
   * @param records end minus begin of all partitions; after compaction, and with exactly-once
   *     producers, whose commit markers count too, more than a consumer will see
   * @param bytes on the brokers' disks, replicas included; empty for whom may not describe the
   *     cluster
   */
  public record Size(String topic, int partitions, long records, OptionalLong bytes) {}

  /**
   * What {@link #createMissing} did and found.
   *
   * @param created names of the topics that were missing
   * @param differences how the existing ones differ from what is wanted
   */
  public record Outcome(List<String> created, List<Difference> differences) {}

  /** Creates the topics that do not exist and leaves the others alone. */
  public Outcome createMissing(Collection<Wanted> topics) {
    Map<String, TopicDescription> existing = existing(topics.stream().map(Wanted::name).toList());
    List<NewTopic> missing =
        topics.stream()
            .filter(topic -> !existing.containsKey(topic.name()))
            .map(t -> new NewTopic(t.name(), t.partitions(), t.replicas()).configs(t.settings()))
            .toList();
    admin.createTopics(missing).values().forEach((name, created) -> tolerateExisting(created));
    return new Outcome(
        missing.stream().map(NewTopic::name).toList(),
        differences(
            topics.stream().filter(topic -> existing.containsKey(topic.name())).toList(),
            existing));
  }

  /** By name, in the order asked; topics that do not exist are left out. */
  public List<Size> sizes(List<String> names) {
    Map<String, TopicDescription> existing = existing(names);
    List<TopicPartition> partitions =
        existing.values().stream()
            .flatMap(
                topic ->
                    topic.partitions().stream()
                        .map(p -> new TopicPartition(topic.name(), p.partition())))
            .toList();
    Map<TopicPartition, Long> begin = offsets(partitions, OffsetSpec.earliest());
    Map<TopicPartition, Long> end = offsets(partitions, OffsetSpec.latest());
    Optional<Map<String, Long>> bytes = bytesOnDisk();
    Map<String, Long> records = new HashMap<>();
    partitions.forEach(p -> records.merge(p.topic(), end.get(p) - begin.get(p), Long::sum));
    return names.stream()
        .filter(existing::containsKey)
        .map(
            name ->
                new Size(
                    name,
                    existing.get(name).partitions().size(),
                    records.getOrDefault(name, 0L),
                    bytes.isPresent()
                        ? OptionalLong.of(bytes.get().getOrDefault(name, 0L))
                        : OptionalLong.empty()))
        .toList();
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }

  private List<Difference> differences(
      List<Wanted> topics, Map<String, TopicDescription> existing) {
    Map<ConfigResource, Config> configs =
        answer(
            admin
                .describeConfigs(topics.stream().map(topic -> resource(topic.name())).toList())
                .all());
    List<Difference> differences = new ArrayList<>();
    for (Wanted topic : topics) {
      int partitions = existing.get(topic.name()).partitions().size();
      if (partitions != topic.partitions()) {
        differences.add(
            new Difference(
                topic.name(),
                "partitions",
                String.valueOf(topic.partitions()),
                String.valueOf(partitions)));
      }
      int replicas = existing.get(topic.name()).partitions().get(0).replicas().size();
      if (replicas != topic.replicas()) {
        differences.add(
            new Difference(
                topic.name(),
                "replicas",
                String.valueOf(topic.replicas()),
                String.valueOf(replicas)));
      }
      Config actual = configs.get(resource(topic.name()));
      new TreeMap<>(topic.settings())
          .forEach(
              (setting, wanted) -> {
                var entry = actual.get(setting);
                String value = entry == null ? "unknown to this Kafka" : entry.value();
                if (!wanted.equals(value)) {
                  differences.add(new Difference(topic.name(), setting, wanted, value));
                }
              });
    }
    return differences;
  }

  private Map<String, TopicDescription> existing(List<String> names) {
    var there = answer(admin.listTopics().names());
    return answer(
        admin.describeTopics(names.stream().filter(there::contains).toList()).allTopicNames());
  }

  private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec spec) {
    Map<TopicPartition, OffsetSpec> question = new HashMap<>();
    partitions.forEach(partition -> question.put(partition, spec));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    answer(admin.listOffsets(question).all())
        .forEach((partition, found) -> offsets.put(partition, found.offset()));
    return offsets;
  }

  /** Empty where that is refused: who reads topics need not know disks. */
  private Optional<Map<String, Long>> bytesOnDisk() {
    var brokers = answer(admin.describeCluster().nodes()).stream().map(node -> node.id()).toList();
    Map<Integer, Map<String, LogDirDescription>> disks;
    try {
      disks = answer(admin.describeLogDirs(brokers).allDescriptions());
    } catch (StackException e) {
      if (e.getCause() instanceof ClusterAuthorizationException) {
        return Optional.empty();
      }
      throw e;
    }
    Map<String, Long> bytes = new HashMap<>();
    disks
        .values()
        .forEach(
            directories ->
                directories
                    .values()
                    .forEach(
                        directory ->
                            directory
                                .replicaInfos()
                                .forEach(
                                    (partition, replica) ->
                                        bytes.merge(
                                            partition.topic(), replica.size(), Long::sum))));
    return Optional.of(bytes);
  }

  private static ConfigResource resource(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }

  /** Two programs may create the same topic at once; whoever comes second is content. */
  private void tolerateExisting(KafkaFuture<Void> created) {
    try {
      answer(created);
    } catch (StackException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  private <T> T answer(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw new StackException(
            "No Kafka broker answers at %s: is it running, is that its address, and does it want TLS or a login (--kafka-config)?"
                .formatted(bootstrap),
            e.getCause());
      }
      throw new StackException(
          "Kafka at %s: %s".formatted(bootstrap, KafkaRefusal.reason(e)), e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
