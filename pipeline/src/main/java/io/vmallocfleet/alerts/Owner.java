/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.alerts;

/**
 * Who answers for a caller.
 *
 * @param team never empty
 * @param escalation whom the team calls next; empty if nobody is named
 */
public record Owner(String team, String escalation) {
  public Owner {
    if (team.isBlank()) {
      throw new IllegalArgumentException("an owner's team is empty");
    }
  }
}
