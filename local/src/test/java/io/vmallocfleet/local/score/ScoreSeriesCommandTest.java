/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vmallocfleet.detection.series.SeriesDetector;
import io.vmallocfleet.local.stack.StackException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ScoreSeriesCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void gives_every_row_the_score_of_the_jobs_detector(@TempDir Path dir) throws IOException {
    StringBuilder text = new StringBuilder("timestamp,value\n");
    StringBuilder expected = new StringBuilder("timestamp,value,anomaly_score\n");
    SeriesDetector detector = new SeriesDetector();
    Instant time = Instant.parse("2026-11-26T08:00:00Z");
    for (int i = 0; i < 500; i++) {
      double value = i == 400 ? 99 : i * 37 % 11;
      String row = "%s,%s".formatted(time.plusSeconds(60L * i), value);
      text.append(row).append('\n');
      double surprise = detector.observe(time.plusSeconds(60L * i).toEpochMilli(), value);
      float score = (float) SeriesDetector.anomalyScore(surprise);
      expected.append(row).append(',').append(score).append('\n');
    }
    Path file = Files.writeString(dir.resolve("series.csv"), text);

    assertThat(run("", file.toString())).isZero();

    assertThat(out.toString()).isEqualTo(expected.toString());
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void keeps_a_row_for_a_row_and_says_what_is_wrong() {
    String text =
        """
        2026-11-26 08:00:00,1
        2026-11-26 08:01:00,
        2026-11-26 08:02:00,NaN
        yesterday,2

        2026-11-26 08:05:00,"3",extra
        """;

    assertThat(run(text, "-")).isZero();

    assertThat(out.toString().lines().map(row -> row.substring(0, row.lastIndexOf(','))))
        .containsExactly(
            "timestamp,value",
            "2026-11-26 08:00:00,1",
            "2026-11-26 08:01:00,",
            "2026-11-26 08:02:00,NaN",
            "yesterday,2",
            ",",
            "2026-11-26 08:05:00,3");
    assertThat(err.toString())
        .isEqualTo(
            """
            - line 2: value is "": expected a number; scored 0
            - line 3: value is "NaN": expected a number; scored 0
            - line 4: timestamp is "yesterday": expected a moment such as 2026-11-26T08:00:00Z, \
            2026-11-26 08:00:00 or 1795680000; taken as following the row before
            - line 5: value is "": expected a number; scored 0
            -: 4 of 6 rows are not as they should be
            """);
  }

  @Test
  void tells_ten_problems_and_counts_the_rest() {
    assertThat(run("1,x\n".repeat(2000), "-")).isZero();

    assertThat(out.toString().lines()).hasSize(2001);
    assertThat(err.toString().lines()).hasSize(11);
    assertThat(err.toString()).endsWith("-: 2,000 of 2,000 rows are not as they should be\n");
  }

  @Test
  void finds_the_columns_by_their_names() {
    assertThat(run("\uFEFFValue,is_anomaly,\"Timestamp\"\n7,0,1795680000\n", "-")).isZero();

    assertThat(out.toString()).isEqualTo("timestamp,value,anomaly_score\n1795680000,7,0.0\n");
  }

  @Test
  void an_empty_file_gives_a_header() {
    assertThat(run("", "-")).isZero();

    assertThat(out.toString()).isEqualTo("timestamp,value,anomaly_score\n");
  }

  @Test
  void a_file_that_is_not_there_is_said_in_a_line() {
    assertThatThrownBy(() -> run("", "nowhere.csv"))
        .isInstanceOf(StackException.class)
        .hasMessage("nowhere.csv cannot be read: there is no such file");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-26T08:00:00Z, 2026-11-26T08:00:00Z",
    "2026-11-26T08:00:00+01:00, 2026-11-26T07:00:00Z",
    "2026-11-26 08:00:00, 2026-11-26T08:00:00Z",
    "2026-11-26 08:00, 2026-11-26T08:00:00Z",
    "2026-11-26 08:00:00.250000, 2026-11-26T08:00:00.250Z",
    "2026-11-26, 2026-11-26T00:00:00Z",
    "1795680000, 2026-11-26T08:00:00Z",
    "1795680000.5, 2026-11-26T08:00:00.500Z",
    "1795680000250, 2026-11-26T08:00:00.250Z",
    "1795680000250000, 2026-11-26T08:00:00.250Z",
    "1795680000250000000, 2026-11-26T08:00:00.250Z",
    "17, 1970-01-01T00:00:17Z",
  })
  void reads_the_moments_people_write(String text, Instant moment) {
    assertThat(Timestamp.millis(text)).hasValue(moment.toEpochMilli());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday", "2026-13-01 00:00:00", "2026-11-26 8am", "NaN", "1e30"})
  void refuses_the_rest(String text) {
    assertThat(Timestamp.millis(text)).isEqualTo(OptionalLong.empty());
  }

  private int run(String input, String... arguments) {
    var in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
    var thrown = new Exception[1];
    int code =
        new CommandLine(new ScoreSeriesCommand(in))
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .setExecutionExceptionHandler(
                (exception, command, parsed) -> {
                  thrown[0] = exception;
                  return 1;
                })
            .execute(List.of(arguments).toArray(String[]::new));
    if (thrown[0] instanceof RuntimeException exception) {
      throw exception;
    }
    return code;
  }
}
