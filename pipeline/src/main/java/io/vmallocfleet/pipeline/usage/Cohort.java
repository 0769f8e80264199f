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
}
