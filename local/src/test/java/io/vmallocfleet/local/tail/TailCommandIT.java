/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.local.records.TestKafka;
import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.DeadLetterReason;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.SingleObject;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TailCommandIT {
  private static final DeadLetter LETTER =
      new DeadLetter(
          "vmalloc.snapshots",
          0,
          17L,
          Instant.parse("2026-11-23T12:00:00Z"),
          DeadLetterReason.LATE,
          "window closed",
          null);

  @TempDir Path data;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void records_are_lines_of_json_and_the_undecodable_one_is_among_them() throws Exception {
    try (TestKafka kafka = TestKafka.start(data, 0)) {
      kafka.create(FleetTopic.DEAD_LETTERS);
      kafka.write(FleetTopic.DEAD_LETTERS, encoded(), new byte[] {1, 2}, encoded());

      int status =
          command(kafka.bootstrap())
              .execute("dead-letters", "--json", "--from-beginning", "-n", "2");

      assertThat(status).isZero();
      assertThat(out.toString().replaceAll("_timestamp\":\"[^\"]*", "_timestamp\":\"T"))
          .isEqualTo(
              """
              {"_partition":1,"_offset":0,"_timestamp":"T","_key":null,"topic":"vmalloc.snapshots","partition":0,"offset":17,"appended_at":"2026-11-23T12:00:00Z","reason":"LATE","detail":"window closed","payload":null}
              {"_partition":1,"_offset":1,"_timestamp":"T","_key":null,"_error":"2 bytes do not begin with the single-object marker c301 and a fingerprint: not a DeadLetter","_bytes":"AQI="}
              """);
      assertThat(err.toString()).isEqualTo("1 of 2 records could not be decoded\n");
    }
  }

  @Test
  void an_empty_topic_is_waited_for_aloud() throws Exception {
    try (TestKafka kafka = TestKafka.start(data, 0)) {
      kafka.create(FleetTopic.DEAD_LETTERS);
      CommandLine command = command(kafka.bootstrap());
      var status =
          CompletableFuture.supplyAsync(() -> command.execute("vmalloc.dead-letters", "-n", "1"));
      awaitOnStandardError("waiting for records in vmalloc.dead-letters (empty so far)...\n");

      kafka.write(FleetTopic.DEAD_LETTERS, encoded());

      assertThat(status.get(30, TimeUnit.SECONDS)).isZero();
      assertThat(out.toString())
          .endsWith("  LATE  vmalloc.snapshots partition 0 offset 17: window closed\n");
    }
  }

  @Test
  void it_ends_quietly_when_its_reader_goes_away() throws Exception {
    try (TestKafka kafka = TestKafka.start(data, 0)) {
      kafka.create(FleetTopic.DEAD_LETTERS);
      kafka.write(FleetTopic.DEAD_LETTERS, encoded(), encoded());
      PrintStream standardOutput = System.out;
      System.setOut(new PrintStream(new ClosedPipe(), false, StandardCharsets.UTF_8));
      try {
        var command =
            new CommandLine(new TailCommand(kafka::bootstrap)).setErr(new PrintWriter(err));
        assertThat(command.execute("dead-letters", "--from-beginning")).isZero();
      } finally {
        System.setOut(standardOutput);
      }

      assertThat(err.toString()).isEmpty();
    }
  }

  @Test
  void without_a_broker_it_ends_with_what_to_do() {
    assertThat(command("127.0.0.1:1").execute("findings")).isOne();

    assertThat(err.toString())
        .contains("Kafka at 127.0.0.1:1 does not answer, waiting for it...\n")
        .endsWith(
            "Kafka at 127.0.0.1:1 does not answer: start it with ./vmalloc-fleet up, or give another --bootstrap\n");
  }

  private CommandLine command(String bootstrap) {
    return new CommandLine(new TailCommand(() -> bootstrap))
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err));
  }

  private static byte[] encoded() {
    return new SingleObject<>(DeadLetter.class).encode(LETTER);
  }

  private void awaitOnStandardError(String text) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!err.toString().contains(text)) {
      assertThat(System.nanoTime()).as("deadline, with %s", err).isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  private static final class ClosedPipe extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw new IOException("Broken pipe");
    }
  }
}
