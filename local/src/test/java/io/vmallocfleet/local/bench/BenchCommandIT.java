/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BenchCommandIT {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void measures_every_variant_in_processes_of_their_own(@TempDir Path directory)
      throws IOException {
    Path json = directory.resolve("bench.json");
    Path picture = directory.resolve("bench.svg");

    int code =
        bench(
            "--hosts=100",
            "--rounds=10",
            "--runs=1",
            "--parallelism=2",
            "--json=" + json,
            "--picture=" + picture);

    assertThat(err.toString()).contains("filling the topic", "run 1 of 1: (e)");
    assertThat(code).isZero();
    assertThat(out.toString()).contains("1,000 snapshots of 100 hosts", "(c) fleet-analytics");
    JsonNode result = new ObjectMapper().readTree(json.toFile());
    assertThat(result.path("variants")).hasSize(5);
    for (JsonNode variant : result.path("variants")) {
      assertThat(variant.at("/flinkMicros/median").asDouble()).isPositive();
    }
    assertThat(result.at("/variants/2/runs/0/checkpointBytes").asLong()).isPositive();
    assertThat(Files.readString(picture)).startsWith("<svg").contains("(e) one record per area");
  }

  @Test
  void says_which_letter_it_does_not_know() {
    int code = bench("--only=abx");

    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("--only is abx: expected some of the letters abcde");
  }

  private int bench(String... arguments) {
    return new CommandLine(new BenchCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
