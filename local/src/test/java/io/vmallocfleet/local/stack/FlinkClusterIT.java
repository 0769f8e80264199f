/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlinkClusterIT {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path data;
  private Broker broker;

  @BeforeEach
  void startBroker() throws Exception {
    broker = Broker.start(new BrokerSettings(data.resolve("kafka"), 0));
    TestTopics.create(broker.bootstrap(), CountingJob.IN, CountingJob.OUT);
  }

  @AfterEach
  void closeBroker() {
    broker.close();
  }

  @Test
  void a_stopped_job_resumes_where_it_was_and_repeats_nothing() throws Exception {
    TestTopics.produce(broker.bootstrap(), CountingJob.IN, lines(0, 100));
    Path savepoint;
    try (var flink = FlinkCluster.start(settings())) {
      var job = submit(flink);
      assertThat(job.resumedFrom()).isEmpty();
      TestTopics.consume(broker.bootstrap(), CountingJob.OUT, 100);
      savepoint = job.stop(LIMIT).orElseThrow();
      assertThat(job.status()).isEqualTo(JobStatus.FINISHED);
    }

    TestTopics.produce(broker.bootstrap(), CountingJob.IN, lines(100, 200));
    try (var flink = FlinkCluster.start(settings())) {
      var job = submit(flink);

      assertThat(job.resumedFrom()).contains(savepoint);
      assertThat(TestTopics.consume(broker.bootstrap(), CountingJob.OUT, 200))
          .containsExactlyElementsOf(numbered(200));
      assertThat(job.failure()).isEmpty();
      // Claimed: the new run discards what it resumed from once it has a checkpoint of its own.
      await(() -> Files.notExists(savepoint.resolve("_metadata")));
    }
  }

  @Test
  void a_job_whose_cluster_was_closed_resumes_from_its_newest_checkpoint() throws Exception {
    TestTopics.produce(broker.bootstrap(), CountingJob.IN, lines(0, 100));
    FlinkJob closed;
    try (var flink = FlinkCluster.start(settings())) {
      closed = submit(flink);
      TestTopics.consume(broker.bootstrap(), CountingJob.OUT, 100);
    }
    assertThat(closed.status()).isEqualTo(JobStatus.SUSPENDED);

    TestTopics.produce(broker.bootstrap(), CountingJob.IN, lines(100, 200));
    try (var flink = FlinkCluster.start(settings())) {
      var job = submit(flink);

      assertThat(job.resumedFrom().orElseThrow().getFileName().toString()).startsWith("chk-");
      assertThat(TestTopics.consume(broker.bootstrap(), CountingJob.OUT, 200))
          .containsExactlyElementsOf(numbered(200));
    }
  }

  @Test
  void state_that_fits_no_operator_fails_the_job_with_its_cause() throws Exception {
    TestTopics.produce(broker.bootstrap(), CountingJob.IN, lines(0, 10));
    try (var flink = FlinkCluster.start(settings())) {
      var job = submit(flink);
      TestTopics.consume(broker.bootstrap(), CountingJob.OUT, 10);
      job.stop(LIMIT);

      var renamed =
          flink.submit(
              "counting", env -> CountingJob.define(env, broker.bootstrap(), "another-uid"));

      await(() -> renamed.status().isTerminalState());
      assertThat(renamed.status()).isEqualTo(JobStatus.FAILED);
      assertThat(renamed.failure().orElseThrow())
          .hasMessageContaining("Cannot map checkpoint/savepoint state");
    }
  }

  @Test
  void the_web_ui_is_there_and_takes_no_jars() throws Exception {
    try (var flink = FlinkCluster.start(settings())) {
      assertThat(flink.ui().getHost()).isEqualTo("127.0.0.1");
      // Until it knows its own leader it asks for patience.
      await(() -> get(flink, "/").statusCode() != 503);
      assertThat(get(flink, "/").body()).contains("<title>Apache Flink Web Dashboard</title>");
      assertThat(get(flink, "/jars").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void a_taken_ui_port_is_refused_by_name() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      var settings =
          new FlinkSettings(data.resolve("flink"), taken.getLocalPort(), 1, Duration.ofSeconds(1));

      assertThatExceptionOfType(StackException.class)
          .isThrownBy(() -> FlinkCluster.start(settings))
          .withMessageStartingWith(
              "Flink's web UI cannot listen on 127.0.0.1:" + taken.getLocalPort());
    }
  }

  private FlinkSettings settings() {
    return new FlinkSettings(data.resolve("flink"), 0, 1, Duration.ofMillis(500));
  }

  private FlinkJob submit(FlinkCluster flink) throws Exception {
    return flink.submit("counting", env -> CountingJob.define(env, broker.bootstrap(), "numbered"));
  }

  private static HttpResponse<String> get(FlinkCluster flink, String path) {
    return HTTP.sendAsync(
            HttpRequest.newBuilder(flink.ui().resolve(path)).build(),
            HttpResponse.BodyHandlers.ofString())
        .join();
  }

  private static List<String> lines(int from, int to) {
    return IntStream.range(from, to).mapToObj(String::valueOf).toList();
  }

  private static List<String> numbered(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> i + " is number " + (i + 1) + " of all")
        .toList();
  }

  private static void await(BooleanSupplier condition) {
    Instant end = Instant.now().plus(LIMIT);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).isBefore(end);
      Thread.onSpinWait();
    }
  }
}
