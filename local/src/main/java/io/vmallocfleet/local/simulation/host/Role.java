/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.host;

import java.util.Locale;

/** What a host is for: which callers it has, and how many areas each of them holds. */
public enum Role {
  WEB(0.38),
  DATABASE(0.17),
  KUBERNETES(0.2),
  BUILD(0.12),
  GATEWAY(0.09),
  /** A 32-bit box with 240 MiB of vmalloc space, the only kind that can run out of it. */
  APPLIANCE(0.04);

  private final double share;

  Role(double share) {
    this.share = share;
  }

  /**
   * Role of the host at that place among all.
   *
   * @param quantile from 0 to below 1
   */
  static Role at(double quantile) {
    double below = 0;
    for (Role role : values()) {
      below += role.share;
      if (quantile < below) {
        return role;
      }
    }
    return APPLIANCE;
  }

  /** As labels and scenarios write it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
