/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest;

import io.vmallocfleet.alerts.Owners;
import io.vmallocfleet.local.backtest.evaluation.Label;
import io.vmallocfleet.local.backtest.evaluation.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.annotation.Nullable;

/** The files a backtest is given beside the snapshots, all of them read before it begins. */
final class Assumptions {
  private final List<String> problems = new ArrayList<>();

  /** Reads one of them. */
  @FunctionalInterface
  private interface Reading<T> {
    T read(Path file) throws IOException;
  }

  /**
   * Settings of the job.
   *
   * @param file null for those of the environment alone
   */
  @Nullable
  Rules rules(@Nullable Path file, Map<String, String> environment) {
    return read(file, f -> Rules.of(f, environment));
  }

  /**
   * @param file null for the usual ones
   */
  Owners owners(@Nullable Path file) {
    Owners owners = file == null ? null : read(file, f -> Owners.parse(Files.readString(f)));
    return owners == null ? Owners.DEFAULTS : owners;
  }

  /**
   * @param file null for none
   */
  List<Label> labels(@Nullable Path file) {
    Labels labels = file == null ? null : read(file, Labels::read);
    return labels == null ? List.of() : labels.labels();
  }

  void problem(String problem) {
    problems.add(problem);
  }

  /**
   * @throws IOException with one line for each thing that is wrong with any of the files
   */
  void check() throws IOException {
    if (!problems.isEmpty()) {
      throw new IOException(String.join("\n", problems));
    }
  }

  private <T> @Nullable T read(@Nullable Path file, Reading<T> reading) {
    try {
      return reading.read(file);
    } catch (NoSuchFileException e) {
      problem(file + " is not there");
    } catch (IOException | IllegalArgumentException e) {
      // A file is named by whoever reads it, if he knows it.
      String why = e.getMessage();
      problem(file == null || why.contains(file.toString()) ? why : file + ": " + why);
    }
    return null;
  }
}
