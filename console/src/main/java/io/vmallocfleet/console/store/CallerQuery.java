/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

/**
 * Which callers, in which order.
 *
 * @param text part of a function, module or purpose; empty for all
 * @param rangeMillis over which change is measured
 * @param limit rows of a page, 1 to 500
 */
public record CallerQuery(
    String text, String family, Sort sort, long rangeMillis, int offset, int limit) {
  public CallerQuery {
    if (limit < 1 || limit > HostQuery.MOST) {
      throw new IllegalArgumentException("limit is " + limit + ": expected 1 to " + HostQuery.MOST);
    }
    if (offset < 0) {
      throw new IllegalArgumentException("offset is " + offset + ": expected 0 or more");
    }
  }

  /** All but NAME largest first. */
  public enum Sort {
    BYTES,
    /** Largest rise first. */
    CHANGE,
    /** Largest rise or fall first. */
    MOVED,
    AREAS,
    HOSTS,
    P99,
    NAME
  }
}
