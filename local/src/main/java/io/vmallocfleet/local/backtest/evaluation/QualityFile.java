/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.annotation.Nullable;

/**
 * Published results of the detectors, to be compared with those of a later version.
 *
 * @param results one a recording
 * @param kinds over all recordings, by kind of finding
 * @param baselines over all recordings, by free detector instead of by scenario
 */
public record QualityFile(
    List<Result> results, Result total, List<OfKind> kinds, List<Result> baselines) {
  public QualityFile {
    if (results == null || total == null) {
      throw new IllegalArgumentException("results and total must be there");
    }
    results = List.copyOf(results);
    kinds = kinds == null ? List.of() : List.copyOf(kinds);
    baselines = baselines == null ? List.of() : List.copyOf(baselines);
  }

  /**
   * @param incidents labelled with it as their first kind
   * @param medianDelay from when they could be seen, over the found; null when none was
   */
  public record OfKind(
      String kind, long incidents, long found, long falseAlerts, @Nullable Duration medianDelay) {
    public Proportion recall() {
      return Proportion.of(found, incidents);
    }
  }

  /**
   * What one scenario gave under one seed; scenario {@code total} sums up.
   *
   * @param trueAlerts alerts that found an incident
   * @param medianDelay from when they could be seen, over the found; null when none was, and of
   *     sums
   */
  public record Result(
      String scenario,
      long seed,
      long incidents,
      long found,
      long trueAlerts,
      long falseAlerts,
      long falsePages,
      double hostDays,
      @Nullable Duration medianDelay) {

    public static Result of(String scenario, long seed, Tally tally) {
      return new Result(
          scenario,
          seed,
          tally.recall().trials(),
          tally.recall().hits(),
          tally.precision().hits(),
          tally.falseAlerts().events(),
          tally.falsePages().events(),
          tally.falseAlerts().hostDays(),
          tally.medianDelay());
    }

    public Proportion recall() {
      return Proportion.of(found, incidents);
    }

    public Rate falseAlertRate() {
      return Rate.of(falseAlerts, hostDays);
    }

    public Rate falsePageRate() {
      return Rate.of(falsePages, hostDays);
    }

    public Proportion precision() {
      return Proportion.of(trueAlerts, trueAlerts + falseAlerts);
    }
  }

  public static QualityFile of(List<Result> results) {
    return of(results, List.of(), List.of());
  }

  public static QualityFile of(List<Result> results, List<OfKind> kinds, List<Result> baselines) {
    return new QualityFile(results, sum("total", results), kinds, baselines);
  }

  /** Those recordings alone that the other holds too, and their total. */
  public QualityFile only(QualityFile other) {
    return of(
        results.stream()
            .filter(
                r ->
                    other.results.stream()
                        .anyMatch(o -> o.scenario().equals(r.scenario()) && o.seed() == r.seed()))
            .toList());
  }

  /** All of them as one. */
  public static Result sum(String name, List<Result> results) {
    Result sum = new Result(name, 0, 0, 0, 0, 0, 0, 0, null);
    for (Result r : results) {
      sum =
          new Result(
              name,
              0,
              sum.incidents + r.incidents,
              sum.found + r.found,
              sum.trueAlerts + r.trueAlerts,
              sum.falseAlerts + r.falseAlerts,
              sum.falsePages + r.falsePages,
              sum.hostDays + r.hostDays,
              null);
    }
    return sum;
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
