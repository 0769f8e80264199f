/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;

/** A line a stage, and one every five seconds while it lasts. */
final class Progress {
  private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final PrintWriter err;
  private final long startedAt = System.nanoTime();
  private String stage = "";
  private long toldAt;

  Progress(PrintWriter err) {
    this.err = err;
  }

  void begin(String newStage) {
    stage = newStage;
    toldAt = System.nanoTime();
    err.printf("%4d s  %s%n", seconds(), stage);
    err.flush();
  }

  /**
   * @param share of the stage that is done, 0 to 1
   */
  void share(double share) {
    long now = System.nanoTime();
    if (now - toldAt >= EVERY_NANOS) {
      toldAt = now;
      err.printf("%4d s  %s: %.0f %%%n", seconds(), stage, 100 * share);
      err.flush();
    }
  }

  void end() {
    err.printf("%4d s  done%n", seconds());
    err.flush();
  }

  private long seconds() {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedAt);
  }
}
