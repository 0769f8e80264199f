/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent;

import java.io.IOException;
import java.io.PrintWriter;

/** How a command that failed says so, and the exit code for it. */
final class Failure {
  /** It failed. */
  static final int FAILED = 1;

  /** Command line or settings not understood. */
  static final int USAGE = 2;

  private Failure() {}

  /** What a person can mend is said plainly; anything else is ours and keeps its stack trace. */
  static int report(Exception thrown, PrintWriter err) {
    if (thrown instanceof IllegalArgumentException) {
      err.println("vmalloc-agent: settings are not in order");
      thrown.getMessage().lines().forEach(line -> err.println("  " + line));
      return USAGE;
    }
    if (thrown instanceof IOException) {
      err.println("vmalloc-agent: " + thrown.getMessage());
    } else {
      thrown.printStackTrace(err);
    }
    return FAILED;
  }
}
