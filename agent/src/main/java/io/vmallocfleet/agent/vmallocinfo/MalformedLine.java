/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

/**
 * A line that is no row we understand, or whose fields contradict each other.
 *
 * @param lineNumber from 1
 * @param reason what is wrong and, where a person can help, what to do
 * @param text the line as read, bytes as ISO-8859-1, cut after {@link #MAX_TEXT} characters. Holds
 *     kernel addresses: see {@link #redacted}.
 */
public record MalformedLine(int lineNumber, String reason, String text) {

  public static final int MAX_TEXT = 1024;

  public MalformedLine {
    if (text.length() > MAX_TEXT) {
      text = text.substring(0, MAX_TEXT) + "...";
    }
  }

  /** The same without kernel addresses, fit to leave the host. */
  public MalformedLine redacted() {
    return new MalformedLine(lineNumber, KernelAddresses.mask(reason), KernelAddresses.mask(text));
  }

  /** For people: {@code line 31: the line is empty: ""}. */
  @Override
  public String toString() {
    return "line " + lineNumber + ": " + reason + ": \"" + text + '"';
  }
}
