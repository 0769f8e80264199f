/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

/** How well a host can be watched; the first that applies, from the bottom up. */
public enum HostState {
  FINE,
  /** Its clock runs ahead of the broker's, so its times are clamped. */
  SKEWED,
  /** Its agent runs and cannot see the areas. */
  BLIND,
  /** The fleet has moved on for several windows and it has not been heard of. */
  SILENT
}
