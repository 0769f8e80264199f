/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.up;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.local.Main;
import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.records.TopicTail;
import io.vmallocfleet.local.stack.Broker;
import io.vmallocfleet.local.stack.BrokerSettings;
import io.vmallocfleet.local.stack.DataDirectory;
import io.vmallocfleet.schemas.CallerWindow;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.SingleObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code up} in a JVM of its own, killed as {@code kill -9} does. */
@Timeout(300)
class KilledUpIT {
  private static final int HOSTS = 4;
  private static final DateTimeFormatter HOUR_MINUTE_SECOND =
      DateTimeFormatter.ofPattern("HH:mm:ss");

  @TempDir Path directory;

  @Test
  void goes_on_after_a_kill_and_counts_no_window_twice() throws Exception {
    Path data = directory.resolve("data");

    List<String> before = untilWindows(data, 5, KilledUpIT::kill);
    List<String> after = untilWindows(data, 3, KilledUpIT::terminate);
    List<ConsumerRecord<byte[], byte[]>> records = callerWindows(data);

    var codec = new SingleObject<>(CallerWindow.class);
    var identities = new ArrayList<String>();
    var fleet = new TreeSet<Instant>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      CallerWindow window = codec.decode(record.value());
      identities.add(
          new String(record.key(), StandardCharsets.UTF_8) + " " + window.getWindowStart());
      fleet.add(window.getWindowStart());
      assertThat(window.getHosts()).isLessThanOrEqualTo(HOSTS + 1);
    }
    assertThat(after.get(2)).isGreaterThan(before.get(4));
    assertThat(identities).isNotEmpty().doesNotHaveDuplicates();
    // Five windows were shown before the kill and three after it, and all of them are there.
    assertThat(fleet).hasSizeGreaterThanOrEqualTo(8);
    assertThat(fleet)
        .extracting(start -> HOUR_MINUTE_SECOND.format(start.atOffset(ZoneOffset.UTC)))
        .containsAll(before.stream().map(bounds -> bounds.split("\\.\\.")[0]).toList());
  }

  private interface End {
    void apply(Process process);
  }

  /** Runs {@code up} until it has shown that many windows; returns their bounds. */
  private static List<String> untilWindows(Path data, int windows, End end) throws IOException {
    Process up =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "up",
                "--data=" + data,
                "--hosts=" + HOSTS,
                "--interval=500ms",
                "--window=2s")
            .redirectErrorStream(true)
            .start();
    var said = new ArrayList<String>();
    var shown = new ArrayList<String>();
    BufferedReader lines = up.inputReader();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      said.add(line);
      if (line.startsWith("window ")) {
        shown.add(line.split(" ")[1]);
      }
      if (shown.size() == windows) {
        end.apply(up);
        return shown;
      }
    }
    throw new AssertionError("up ended early: " + String.join("\n", said));
  }

  private static void kill(Process process) {
    process.destroyForcibly().onExit().join();
  }

  private static void terminate(Process process) {
    process.destroy();
    assertThat(process.onExit().join().exitValue()).isEqualTo(128 + 15);
  }

  private static List<ConsumerRecord<byte[], byte[]>> callerWindows(Path data) {
    try (var directory = DataDirectory.open(data);
        var broker = Broker.start(new BrokerSettings(directory.kafka(), 0));
        var tail =
            new TopicTail(
                KafkaAccess.open(broker.bootstrap()),
                List.of(FleetTopic.CALLER_WINDOWS.topicName()),
                TopicTail.From.BEGINNING)) {
      var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
      for (List<ConsumerRecord<byte[], byte[]>> more = List.of();
          records.isEmpty() || !more.isEmpty(); ) {
        more = tail.poll(Duration.ofSeconds(3));
        records.addAll(more);
      }
      return records;
    }
  }
}
