/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

/**
 * What a parser may keep, so that no file can fill the heap.
 *
 * @param malformedSamples malformed lines kept with their text; the rest are only counted
 * @param callSites distinct callers kept; rows of further ones get {@link Caller#UNLISTED}
 */
public record ParserLimits(int malformedSamples, int callSites) {

  public ParserLimits {
    if (malformedSamples < 0) {
      throw new IllegalArgumentException(
          "malformedSamples is " + malformedSamples + ": expected 0 or more");
    }
    if (callSites < 1) {
      throw new IllegalArgumentException("callSites is " + callSites + ": expected 1 or more");
    }
  }

  /** For a process that runs for months in a small heap: five samples, 8192 callers. */
  public static ParserLimits longRunning() {
    return new ParserLimits(5, 8192);
  }

  /** For a command that shows all of one file. */
  public static ParserLimits unlimited() {
    return new ParserLimits(Integer.MAX_VALUE, Integer.MAX_VALUE);
  }
}
