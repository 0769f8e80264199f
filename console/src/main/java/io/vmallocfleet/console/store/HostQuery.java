/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import javax.annotation.Nullable;

/**
 * Which hosts, in which order, which part of them.
 *
 * @param text part of a hostname, id, label or kernel; empty for all
 * @param state null for all
 * @param limit rows of a page, 1 to 500
 */
public record HostQuery(
    String text, @Nullable HostState state, String kernel, Sort sort, int offset, int limit) {
  public static final int MOST = 500;

  public HostQuery {
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException("limit is " + limit + ": expected 1 to " + MOST);
    }
    if (offset < 0) {
      throw new IllegalArgumentException("offset is " + offset + ": expected 0 or more");
    }
  }

  /** All but NAME and HOLE largest first; what is not known comes last. */
  public enum Sort {
    BYTES,
    CHANGE,
    AREAS,
    UNPURGED,
    /** Largest hole, smallest first. */
    HOLE,
    UNUSABLE,
    HEADROOM,
    /** Longest not heard of first. */
    SEEN,
    LOST,
    /** Share of its spool's bound that waits for the broker. */
    SPOOL,
    NAME
  }
}
