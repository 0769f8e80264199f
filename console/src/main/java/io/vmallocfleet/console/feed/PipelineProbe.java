/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.feed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmallocfleet.schemas.FleetTopic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import javax.annotation.Nullable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * How the pipeline does: topics with their rates, the lag of the jobs' consumer groups, and the
 * jobs themselves where Flink's REST address is known. Looks every few seconds.
 */
public final class PipelineProbe implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final long ANSWER_SECONDS = 5;

  /** Our jobs' consumer groups, by what they read. */
  private static final Map<String, FleetTopic> GROUPS =
      Map.of("fleet-analytics", FleetTopic.SNAPSHOTS, "alert-routing", FleetTopic.FINDINGS);

  private final KafkaConnection kafka;
  private final Optional<URI> flink;
  private final Clock clock;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final ObjectMapper json = new ObjectMapper();
  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            var thread = new Thread(task, "console-pipeline-probe");
            thread.setDaemon(true);
            return thread;
          });
  private final Map<TopicPartition, Long> before = new HashMap<>();
  private long beforeMillis;
  private Admin admin;
  private volatile Pipeline last = new Pipeline(0, "", List.of(), List.of(), null, "", List.of());

  public PipelineProbe(KafkaConnection kafka, Optional<URI> flink, Clock clock) {
    this.kafka = kafka;
    this.flink = flink;
    this.clock = clock;
    scheduler.scheduleWithFixedDelay(this::look, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * What was seen last.
   *
   * @param at when, epoch milliseconds; 0 before the first look
   * @param trouble why Kafka could not be asked; empty while all is well
   * @param flinkUrl Flink's own pages; null where the address is not known
   */
  public record Pipeline(
      long at,
      String trouble,
      List<Topic> topics,
      List<Group> groups,
      @Nullable String flinkUrl,
      String flinkTrouble,
      List<Job> jobs) {}

  /**
   * A topic of ours.
   *
   * @param records it holds, transaction markers included
   * @param perSecond records written since the last look, a second; null at the first
   */
  public record Topic(
      String name, int partitions, long records, @Nullable Double perSecond, boolean missing) {}

  /**
   * A job's place in what it reads.
   *
   * @param lag records behind the end; null where the group is not known
   */
  public record Group(String name, String topic, @Nullable Long lag, String note) {}

  /** A job as Flink has it. */
  public record Job(String id, String name, String state, long startedAt, long durationMillis) {}

  public Pipeline last() {
    return last;
  }

  @Override
  public void close() {
    scheduler.shutdownNow();
    try {
      scheduler.awaitTermination(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (admin != null) {
      admin.close(Duration.ofSeconds(2));
    }
  }

  private void look() {
    String trouble = "";
    List<Topic> topics = last.topics();
    List<Group> groups = last.groups();
    try {
      if (admin == null) {
        admin = Admin.create(kafka.settings());
      }
      Map<FleetTopic, List<TopicPartition>> partitions = partitions();
      Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
      Map<TopicPartition, Long> begins = offsets(partitions, OffsetSpec.earliest());
      topics = topics(partitions, begins, ends);
      groups = groups(ends);
    } catch (ExecutionException e) {
      trouble =
          e.getCause() instanceof Exception cause ? kafka.describe(cause) : e.getCause().toString();
    } catch (TimeoutException | KafkaException e) {
      trouble = "Kafka at " + kafka.bootstrap() + " does not answer";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    String flinkTrouble = "";
    List<Job> jobs = List.of();
    if (flink.isPresent()) {
      try {
        jobs = jobs(flink.get());
      } catch (IOException | RuntimeException e) {
        flinkTrouble = "Flink at " + flink.get() + " does not answer: " + e.getMessage();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    last =
        new Pipeline(
            clock.millis(),
            trouble,
            topics,
            groups,
            flink.map(URI::toString).orElse(null),
            flinkTrouble,
            jobs);
  }

  private Map<FleetTopic, List<TopicPartition>> partitions()
      throws ExecutionException, InterruptedException, TimeoutException {
    Set<String> existing = admin.listTopics().names().get(ANSWER_SECONDS, TimeUnit.SECONDS);
    List<String> ours =
        Arrays.stream(FleetTopic.values())
            .map(FleetTopic::topicName)
            .filter(existing::contains)
            .toList();
    var described =
        admin.describeTopics(ours).allTopicNames().get(ANSWER_SECONDS, TimeUnit.SECONDS);
    Map<FleetTopic, List<TopicPartition>> partitions = new TreeMap<>();
    for (FleetTopic topic : FleetTopic.values()) {
      var description = described.get(topic.topicName());
      partitions.put(
          topic,
          description == null
              ? List.of()
              : description.partitions().stream()
                  .map(p -> new TopicPartition(topic.topicName(), p.partition()))
                  .toList());
    }
    return partitions;
  }

  private Map<TopicPartition, Long> offsets(
      Map<FleetTopic, List<TopicPartition>> partitions, OffsetSpec spec)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<TopicPartition, OffsetSpec> asked =
        partitions.values().stream()
            .flatMap(List::stream)
            .collect(Collectors.toMap(partition -> partition, partition -> spec));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (Map.Entry<TopicPartition, ListOffsetsResultInfo> answer :
        admin.listOffsets(asked).all().get(ANSWER_SECONDS, TimeUnit.SECONDS).entrySet()) {
      offsets.put(answer.getKey(), answer.getValue().offset());
    }
    return offsets;
  }

  private List<Topic> topics(
      Map<FleetTopic, List<TopicPartition>> partitions,
      Map<TopicPartition, Long> begins,
      Map<TopicPartition, Long> ends) {
    long now = clock.millis();
    double seconds = (now - beforeMillis) / 1000.0;
    List<Topic> topics = new ArrayList<>();
    partitions.forEach(
        (topic, list) -> {
          long records = 0;
          long written = 0;
          boolean known = beforeMillis > 0 && seconds > 0;
          for (TopicPartition partition : list) {
            long end = ends.getOrDefault(partition, 0L);
            records += end - begins.getOrDefault(partition, 0L);
            Long earlier = before.get(partition);
            known &= earlier != null;
            written += earlier == null ? 0 : end - earlier;
          }
          topics.add(
              new Topic(
                  topic.topicName(),
                  list.size(),
                  records,
                  known && !list.isEmpty() ? Double.valueOf(written / seconds) : null,
                  list.isEmpty()));
        });
    before.clear();
    before.putAll(ends);
    beforeMillis = now;
    return topics;
  }

  private List<Group> groups(Map<TopicPartition, Long> ends) throws InterruptedException {
    List<Group> groups = new ArrayList<>();
    for (Map.Entry<String, FleetTopic> entry : new TreeMap<>(GROUPS).entrySet()) {
      String name = entry.getKey();
      String topic = entry.getValue().topicName();
      try {
        Map<TopicPartition, OffsetAndMetadata> committed =
            admin
                .listConsumerGroupOffsets(name)
                .partitionsToOffsetAndMetadata()
                .get(ANSWER_SECONDS, TimeUnit.SECONDS);
        long lag = 0;
        boolean any = false;
        for (Map.Entry<TopicPartition, OffsetAndMetadata> at : committed.entrySet()) {
          if (at.getValue() != null && at.getKey().topic().equals(topic)) {
            any = true;
            lag += Math.max(0, ends.getOrDefault(at.getKey(), 0L) - at.getValue().offset());
          }
        }
        groups.add(
            any
                ? new Group(name, topic, lag, "")
                : new Group(name, topic, null, "no offset committed yet"));
      } catch (ExecutionException e) {
        groups.add(new Group(name, topic, null, String.valueOf(e.getCause().getMessage())));
      } catch (TimeoutException e) {
        groups.add(new Group(name, topic, null, "Kafka does not answer"));
      }
    }
    return groups;
  }

  private List<Job> jobs(URI rest) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        http.send(
            HttpRequest.newBuilder(rest.resolve("/jobs/overview"))
                .timeout(Duration.ofSeconds(ANSWER_SECONDS))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    List<Job> jobs = new ArrayList<>();
    for (JsonNode job : json.readTree(answer.body()).path("jobs")) {
      jobs.add(
          new Job(
              job.path("jid").asText(),
              job.path("name").asText(),
              job.path("state").asText(),
              job.path("start-time").asLong(),
              job.path("duration").asLong()));
    }
    return jobs;
  }
}
