/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What is to happen to a simulated fleet: read from YAML, and compiled to effects on hosts and to
 * labels that say the truth about them.
 */
package io.vmallocfleet.local.simulation.scenario;
