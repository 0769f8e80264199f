/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.records.TestKafka;
import io.vmallocfleet.local.stack.FlinkCluster;
import io.vmallocfleet.local.stack.FlinkSettings;
import io.vmallocfleet.schemas.FleetTopic;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A broker with our topics, a Flink cluster and a gateway in front of it. */
final class SqlStack implements AutoCloseable {
  private final TestKafka kafka;
  private final FlinkCluster flink;
  private final QueryGateway gateway;

  private SqlStack(TestKafka kafka, FlinkCluster flink, QueryGateway gateway) {
    this.kafka = kafka;
    this.flink = flink;
    this.gateway = gateway;
  }

  static SqlStack start(Path directory) throws Exception {
    TestKafka kafka = TestKafka.start(directory.resolve("kafka"), 0);
    kafka.create(FleetTopic.values());
    FlinkCluster flink =
        FlinkCluster.start(
            new FlinkSettings(directory.resolve("flink"), 0, 4, Duration.ofSeconds(1)));
    QueryGateway gateway =
        QueryGateway.start(
            KafkaAccess.open(kafka.bootstrap()), flink.ui(), directory.resolve("sql"), 0);
    return new SqlStack(kafka, flink, gateway);
  }

  TestKafka kafka() {
    return kafka;
  }

  URI gateway() {
    return gateway.address();
  }

  GatewaySession session(Map<String, String> settings) {
    return new GatewaySession(gateway(), settings);
  }

  /** The answer to the last of some statements, as {@code sql -f FILE} prints it. */
  static String answer(GatewaySession session, String statements) {
    return answer(session, statements, ResultFormat.TABLE);
  }

  static String answer(GatewaySession session, String statements, ResultFormat format) {
    var text = new StringWriter();
    for (String statement : SqlScript.statements(statements)) {
      text.getBuffer().setLength(0);
      SqlCommand.run(session, List.of(statement), format, new PrintWriter(text));
    }
    return text.toString();
  }

  /** Waits until a counter of the one running job has that value, as the web UI shows it. */
  void awaitCounter(String name, long value) {
    Instant end = Instant.now().plusSeconds(60);
    String seen = "";
    while (!seen.equals(String.valueOf(value))) {
      if (Instant.now().isAfter(end)) {
        throw new AssertionError(name + " is \"" + seen + "\" after a minute, not " + value);
      }
      seen = counter(name);
    }
  }

  private String counter(String name) {
    for (JsonNode job : rest("/jobs").path("jobs")) {
      if (!job.path("status").asText().equals("RUNNING")) {
        continue;
      }
      String path = "/jobs/" + job.path("id").asText();
      for (JsonNode vertex : rest(path).path("vertices")) {
        String metrics = path + "/vertices/" + vertex.path("id").asText() + "/metrics";
        for (JsonNode metric : rest(metrics)) {
          String id = metric.path("id").asText();
          if (id.endsWith(name)) {
            String encoded = URLEncoder.encode(id, StandardCharsets.UTF_8);
            return rest(metrics + "?get=" + encoded).path(0).path("value").asText();
          }
        }
      }
    }
    return "";
  }

  private JsonNode rest(String path) {
    try {
      return new ObjectMapper().readTree(URI.create(flink.ui() + path).toURL().openStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    gateway.close();
    flink.close();
    kafka.close();
  }
}
