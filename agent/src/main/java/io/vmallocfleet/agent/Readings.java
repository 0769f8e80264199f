/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent;

import java.util.Optional;

/**
 * Figures of an agent's readings since its start, for metrics and health. Written by the reading
 * thread, read by any.
 */
public final class Readings {
  private volatile long taken;
  private volatile long skipped;
  private volatile long failed;
  private volatile long malformedLines;
  private volatile long readNanos;
  private volatile long parseNanos;
  private volatile int rows;
  private volatile String blind = "";

  /** Snapshots taken, blind ones included. */
  public long taken() {
    return taken;
  }

  /** Readings skipped because an earlier one still ran. */
  public long skipped() {
    return skipped;
  }

  /** Readings given up because of a fault of ours. */
  public long failed() {
    return failed;
  }

  public long malformedLines() {
    return malformedLines;
  }

  public double readSeconds() {
    return readNanos / 1e9;
  }

  public double parseSeconds() {
    return parseNanos / 1e9;
  }

  /** Areas of the last reading. */
  public int rows() {
    return rows;
  }

  /** Why the last reading saw nothing. */
  public Optional<String> blind() {
    return Optional.of(blind).filter(why -> !why.isEmpty());
  }

  // One thread writes, so reading and writing need not be one step.

  void saw(int newRows, int newMalformedLines, long newReadNanos, long newParseNanos) {
    rows = newRows;
    malformedLines += newMalformedLines;
    readNanos += newReadNanos;
    parseNanos += newParseNanos;
    blind = "";
  }

  void sawNothing(String why, long newReadNanos) {
    rows = 0;
    readNanos += newReadNanos;
    blind = why;
  }

  /** After the snapshot was handed over: from here on a kill does not lose it. */
  void took() {
    taken++;
  }

  void gaveUp() {
    failed++;
  }

  void skipped(long more) {
    skipped += more;
  }
}
