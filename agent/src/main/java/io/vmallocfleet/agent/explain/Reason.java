/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.explain;

/**
 * One thing that can be behind a hole.
 *
 * @param bytes how much of the hole it accounts for; -1 where that cannot be known
 * @param text for people, a sentence or a few
 */
public record Reason(Cause cause, long bytes, String text) {

  static final long UNKNOWN_BYTES = -1;

  /** What it is. */
  public enum Cause {
    /** Not a cause: guard pages are inside the sizes. Said because everybody suspects them. */
    NOT_THE_GUARD_PAGE,
    /** The area above had to start at a multiple of more than a page. */
    ALIGNMENT,
    /** Freed areas are in it that wait for the next purge. */
    UNPURGED,
    /** Percpu chunks come from the window's top, everything else from its bottom. */
    PERCPU_FROM_THE_TOP,
    /** The areas of one percpu chunk keep fixed distances. */
    PERCPU_DISTANCE,
    /** What lay there was freed and purged, or nothing ever did. */
    FREE,
    /** Freed ranges are kept for reuse where the file does not show them. */
    NODE_POOLS,
    /** Nothing is small enough for it. */
    TOO_SMALL,
    /** The areas lie in different windows; what is between them is not vmalloc's. */
    OTHER_WINDOW
  }
}
