/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.fleet;

import io.vmallocfleet.detection.fleet.HostBucket;

/**
 * One host's part in the fleet for one bucket.
 *
 * @param role the host's label {@value #ROLE}; empty without one
 */
public record HostSample(String hostId, String hostname, String role, HostBucket bucket) {
  public static final String ROLE = "role";
}
