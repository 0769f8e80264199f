/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.schemas.snapshot;

/** How the kernel showed addresses. Order and meaning as in {@code VmallocSnapshot.avsc}. */
public enum AddressMode {
  /** True addresses: every gap within a window is known. */
  REAL,
  /** A 32-bit hash each: that two areas adjoin can be seen, how far apart others are cannot. */
  HASHED,
  /** All zero: no identity, only sums per caller. */
  ZEROED,
  /** {@code (____ptrval____)}, before the kernel's random numbers are ready. */
  PLACEHOLDER,
  /** No row to tell from. */
  UNKNOWN
}
