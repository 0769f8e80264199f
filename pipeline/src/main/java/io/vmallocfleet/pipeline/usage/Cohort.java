/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import io.vmallocfleet.schemas.snapshot.HostIdentity;

/**
 * Hosts that ought to behave alike: one kernel build on one architecture. The release alone does
 * not do, distributions change code under it.
 */
public record Cohort(String kernelRelease, String kernelBuild, String architecture) {
  static Cohort of(HostIdentity host) {
    return new Cohort(host.kernelRelease(), host.kernelBuild(), host.architecture());
  }

  public io.vmallocfleet.schemas.Cohort toAvro() {
    return new io.vmallocfleet.schemas.Cohort(kernelRelease, kernelBuild, architecture);
  }

  /** All of it in one text, a line each. */
  public String text() {
    return String.join("\n", kernelRelease, kernelBuild, architecture);
  }

  /** Reads what {@link #text} wrote. */
  public static Cohort parse(String text) {
    String[] lines = text.split("\n", 3);
    return new Cohort(lines[0], lines[1], lines[2]);
  }
}
