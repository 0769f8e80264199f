/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.record;

import java.time.Instant;
import javax.annotation.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which stretch of a topic, by the broker's clock. */
public final class RangeOptions {
  @Option(
      names = "--from",
      paramLabel = "TIME",
      description =
          "First moment of the topic, as 2026-11-24T08:00:00Z (default: all that is kept).")
  private @Nullable Instant from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "First moment after it (default: now).")
  private @Nullable Instant to;

  /** Null for all the topic still holds. */
  public @Nullable Instant from() {
    return from;
  }

  /** Null for all there is now. */
  public @Nullable Instant to() {
    return to;
  }

  public boolean given() {
    return from != null || to != null;
  }

  /**
   * @throws ParameterException if nothing can lie between the two
   */
  public void check(CommandSpec spec) {
    if (from != null && to != null && !from.isBefore(to)) {
      throw new ParameterException(
          spec.commandLine(), "--from %s is not before --to %s".formatted(from, to));
    }
  }

  /** {@code from 2026-11-24T08:00:00Z to now}. */
  @Override
  public String toString() {
    return "from %s to %s"
        .formatted(from == null ? "its beginning" : from, to == null ? "now" : to);
  }
}
