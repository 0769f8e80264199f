/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

/**
 * How a kernel prints the numbers of a row; what they mean does not depend on it.
 *
 * @param addressDigits hex digits of an address, 8 or 16
 * @param placeholder {@code (ptrval)} instead of addresses
 * @param physDigits digits of {@code phys=0x...}, 8 or 16, since 4.11 ({@code %pa}; 16 on 32-bit
 *     kernels with large physical addresses too); 0 for the bare {@code phys=%lx} before
 */
public record RowForm(int addressDigits, boolean placeholder, int physDigits) {

  /** 64-bit, Linux 4.11 and later. */
  public static final RowForm BITS_64 = new RowForm(16, false, 16);

  /** 64-bit, before Linux 4.11. */
  public static final RowForm BITS_64_BARE_PHYS = new RowForm(16, false, 0);

  /** 32-bit, Linux 4.11 and later. */
  public static final RowForm BITS_32 = new RowForm(8, false, 8);

  /** 32-bit, before Linux 4.11. */
  public static final RowForm BITS_32_BARE_PHYS = new RowForm(8, false, 0);

  public RowForm {
    if (addressDigits != 8 && addressDigits != 16) {
      throw new IllegalArgumentException(
          "addressDigits is " + addressDigits + ": a kernel prints 8 or 16");
    }
    if (physDigits != 0 && physDigits != 8 && physDigits != 16) {
      throw new IllegalArgumentException(
          "physDigits is " + physDigits + ": a kernel prints 8 or 16, or 0 for no padding");
    }
  }

  String address(long address) {
    if (placeholder) {
      return addressDigits == 16 ? "(____ptrval____)" : "(ptrval)";
    }
    return padded(address, addressDigits);
  }

  String phys(long phys) {
    return physDigits == 0 ? Long.toHexString(phys) : "0x" + padded(phys, physDigits);
  }

  private static String padded(long value, int digits) {
    String hex = Long.toHexString(value);
    return "0".repeat(Math.max(0, digits - hex.length())) + hex;
  }
}
