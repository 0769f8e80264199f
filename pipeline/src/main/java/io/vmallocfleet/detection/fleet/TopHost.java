/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

/**
 * One of the hosts named in a finding.
 *
 * @param bytes what the caller holds there
 * @param growthBytes by how much that grew in a day, or since the kernel before; 0 if unknown
 */
public record TopHost(String hostId, String hostname, long bytes, long growthBytes) {}
