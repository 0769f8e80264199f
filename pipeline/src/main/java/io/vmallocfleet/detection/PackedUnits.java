/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

/**
 * A count in 16 bits: exact below 4096, to 12 significant bits above, so at most 0.025 % off. Like
 * a floating-point number without a sign, the order of the packed values, read unsigned, is that of
 * the counts.
 */
final class PackedUnits {
  static final short MISSING = (short) 0xffff;

  private static final int BITS = 12;
  private static final int EXACT = 1 << BITS;
  private static final int STEP = EXACT / 2;

  private PackedUnits() {}

  /**
   * @param units from 0, or {@link BucketRing#MISSING}
   */
  static short pack(int units) {
    if (units == BucketRing.MISSING) {
      return MISSING;
    }
    if (units < EXACT) {
      return (short) units;
    }
    int shift = Integer.SIZE - Integer.numberOfLeadingZeros(units) - BITS;
    long rounded = ((long) units + (1L << (shift - 1))) >> shift;
    return (short) (STEP * shift + rounded);
  }

  static int unpack(short packed) {
    if (packed == MISSING) {
      return BucketRing.MISSING;
    }
    int code = Short.toUnsignedInt(packed);
    if (code < EXACT) {
      return code;
    }
    int shift = code / STEP - 1;
    long units = (long) (code - STEP * shift) << shift;
    return (int) Math.min(units, Integer.MAX_VALUE);
  }
}
