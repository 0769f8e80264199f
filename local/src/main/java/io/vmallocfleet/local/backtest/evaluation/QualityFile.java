/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Published results of the detectors, to be compared with those of a later version. */
public record QualityFile(List<Result> results, Result total) {
  public QualityFile {
    if (results == null || total == null) {
      throw new IllegalArgumentException("results and total must be there");
    }
    results = List.copyOf(results);
  }

  /**
   * What one scenario gave under one seed; scenario {@code total} sums up.
   *
   * @param trueAlerts alerts that found an incident
   */
  public record Result(
      String scenario,
      long seed,
      long incidents,
      long found,
      long trueAlerts,
      long falseAlerts,
      long falsePages,
      double hostDays) {

    public static Result of(String scenario, long seed, Evaluation evaluation) {
      Tally tally = evaluation.overall();
      return new Result(
          scenario,
          seed,
          tally.recall().trials(),
          tally.recall().hits(),
          tally.precision().hits(),
          tally.falseAlerts().events(),
          tally.falsePages().events(),
          tally.falseAlerts().hostDays());
    }

    Proportion recall() {
      return Proportion.of(found, incidents);
    }

    Proportion precision() {
      return Proportion.of(trueAlerts, trueAlerts + falseAlerts);
    }
  }

  public static QualityFile of(List<Result> results) {
    Result sum = new Result("total", 0, 0, 0, 0, 0, 0, 0);
    for (Result r : results) {
      sum =
          new Result(
              "total",
              0,
              sum.incidents + r.incidents,
              sum.found + r.found,
              sum.trueAlerts + r.trueAlerts,
              sum.falseAlerts + r.falseAlerts,
              sum.falsePages + r.falsePages,
              sum.hostDays + r.hostDays);
    }
    return new QualityFile(results, sum);
  }

  public static QualityFile read(Path file) throws IOException {
    try {
      return ReportJson.MAPPER.readValue(Files.readString(file), QualityFile.class);
    } catch (JsonProcessingException e) {
      throw new IOException(
          "%s is not a quality file: %s".formatted(file, e.getOriginalMessage()), e);
    }
  }

  public void write(Path file) throws IOException {
    Files.writeString(file, ReportJson.text(this) + "\n");
  }
}
