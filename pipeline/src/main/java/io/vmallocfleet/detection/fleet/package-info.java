/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What many hosts show together. Each host is compared with itself a day ago, or before its last
 * reboot ({@link io.vmallocfleet.detection.fleet.HostPanel}); the differences of all hosts of a
 * cohort are summed up ({@link io.vmallocfleet.detection.fleet.PopulationSum}) and judged ({@link
 * io.vmallocfleet.detection.fleet.FleetJudge}). So a host that joins, leaves or reboots is never
 * growth. No platform in here: numbers in, detections out.
 */
package io.vmallocfleet.detection.fleet;
