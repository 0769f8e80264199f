/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Made-up hosts that start as a real capture and then live: threads come and go, areas are freed
 * lazily, and one of them may misbehave.
 */
package io.vmallocfleet.local.simulation;
