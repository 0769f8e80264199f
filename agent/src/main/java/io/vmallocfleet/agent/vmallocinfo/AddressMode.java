/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

/**
 * How the kernel showed the addresses of one file. Detected from the rows: kptr_restrict, the
 * reader's capabilities, boot options and backports all have a say, so neither a version nor a
 * sysctl tells it.
 *
 * <p>Source: {@code lib/vsprintf.c}, {@code restricted_pointer} and {@code ptr_to_id}.
 */
public enum AddressMode {
  /** Real addresses: end - start is the size on every row kept. */
  REAL,
  /** 32-bit hashes, stable within a boot. Equal hashes are equal addresses; order says nothing. */
  HASHED,
  /** All zeros: rows have no identity. */
  ZEROED,
  /** {@code (ptrval)}, before the kernel can hash: rows have no identity. */
  PLACEHOLDER,
  /** No row to tell from. */
  UNKNOWN;

  /** Whether a row can be recognised in the next snapshot, and a repeated one in this one. */
  public boolean identifiesAreas() {
    return this == REAL || this == HASHED;
  }
}
