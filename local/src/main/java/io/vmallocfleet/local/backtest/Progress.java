/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest;

import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;

/** One line a stage every two seconds, with the time left. */
final class Progress {
  private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final PrintWriter err;
  private String stage = "";
  private long begunAt;
  private long toldAt;
  private double toldShare;

  Progress(PrintWriter err) {
    this.err = err;
  }

  void begin(String newStage) {
    end();
    stage = newStage;
    begunAt = System.nanoTime();
    toldAt = begunAt;
    toldShare = 0;
  }

  /**
   * @param share of the stage that is done, 0 to 1
   */
  synchronized void share(double share) {
    long now = System.nanoTime();
    if (now - toldAt < EVERY_NANOS || !(share > toldShare)) { // no number of nothing
      return;
    }
    toldAt = now;
    toldShare = share;
    double seconds = (now - begunAt) / 1e9;
    err.printf("%s: %.0f %%, %.0f s left%n", stage, 100 * share, seconds / share - seconds);
    err.flush();
  }

  void tell(String line) {
    err.println(line);
    err.flush();
  }

  void end() {
    if (!stage.isEmpty()) {
      err.printf("%s: done in %.1f s%n", stage, (System.nanoTime() - begunAt) / 1e9);
      err.flush();
      stage = "";
    }
  }
}
