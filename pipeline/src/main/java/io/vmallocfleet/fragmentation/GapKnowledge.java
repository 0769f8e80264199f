/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.fragmentation;

/** How much the gaps between areas say, which depends on what the kernel shows of addresses. */
public enum GapKnowledge {
  /** Real addresses: every gap is a number of bytes. */
  ALL,
  /**
   * Hashed addresses: equal hashes of an end and a start prove that two areas adjoin (gap 0); every
   * other gap is -1. Runs are known, holes are not.
   */
  ADJOINING,
  /** Zeroed or placeholder addresses: only sizes are known. */
  NONE
}
