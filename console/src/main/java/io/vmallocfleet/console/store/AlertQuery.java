/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import java.util.Set;

/**
 * Which alerts; empty texts and sets stand for all.
 *
 * @param states names of {@code AlertState}, or {@link AlertView#FOUND}
 * @param text part of a sentence, host, caller or owner
 */
public record AlertQuery(
    Set<String> states,
    String kind,
    String severity,
    String owner,
    String hostId,
    String function,
    String text,
    int offset,
    int limit) {
  public AlertQuery {
    states = Set.copyOf(states);
    if (limit < 1 || limit > HostQuery.MOST) {
      throw new IllegalArgumentException("limit is " + limit + ": expected 1 to " + HostQuery.MOST);
    }
    if (offset < 0) {
      throw new IllegalArgumentException("offset is " + offset + ": expected 0 or more");
    }
  }

  static AlertQuery about(String hostId, String function) {
    return new AlertQuery(Set.of(), "", "", "", hostId, function, "", 0, 50);
  }
}
