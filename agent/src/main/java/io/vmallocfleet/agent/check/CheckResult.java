/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.check;

/**
 * One line of a check, such as {@code FAIL topic vmalloc.snapshots does not exist; create it}.
 *
 * @param says what was found, and what to do unless it is ok
 */
public record CheckResult(Outcome outcome, String subject, String says) {
  /** How bad it is. */
  public enum Outcome {
    OK("ok"),
    WARN("warn"),
    FAIL("FAIL");

    private final String shown;

    Outcome(String shown) {
      this.shown = shown;
    }
  }

  public static CheckResult ok(String subject, String says) {
    return new CheckResult(Outcome.OK, subject, says);
  }

  public static CheckResult warn(String subject, String says) {
    return new CheckResult(Outcome.WARN, subject, says);
  }

  public static CheckResult fail(String subject, String says) {
    return new CheckResult(Outcome.FAIL, subject, says);
  }

  public String line() {
    return "%-4s %-10s %s".formatted(outcome.shown, subject, says);
  }
}
