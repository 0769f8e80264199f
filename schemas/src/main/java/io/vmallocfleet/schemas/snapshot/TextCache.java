/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.schemas.snapshot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Texts that come again and again, such as the names of callers: bytes seen before give the same
 * {@code String}, whose hash is known and which equals by identity. Direct mapped, a newcomer takes
 * the place of whoever hashes alike: so its size is bounded whatever it is fed, and a miss costs
 * what decoding costs. Not thread safe.
 */
final class TextCache {
  private static final int SLOT_BITS = 12;
  private static final int SLOTS = 1 << SLOT_BITS;

  /** Longer texts are names of nothing. */
  private static final int LONGEST_BYTES = 128;

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[][] encoded = new byte[SLOTS][];
  private final String[] texts = new String[SLOTS];

  String text(byte[] bytes, int from, int length) {
    if (length == 0) {
      return "";
    }
    if (length > LONGEST_BYTES) {
      return new String(bytes, from, length, StandardCharsets.UTF_8);
    }
    int slot = slot(bytes, from, length);
    byte[] known = encoded[slot];
    if (known == null || !Arrays.equals(known, 0, known.length, bytes, from, from + length)) {
      encoded[slot] = Arrays.copyOfRange(bytes, from, from + length);
      texts[slot] = new String(bytes, from, length, StandardCharsets.UTF_8);
    }
    return texts[slot];
  }

  /**
   * Of the length and of the first, middle and last eight bytes: all of a text of up to 24. Others
   * that share these share a slot, no more. Multiplied by 2^64 over the golden ratio, so that the
   * upper bits depend on all (Knuth, The Art of Computer Programming 3, 6.4).
   */
  private static int slot(byte[] bytes, int from, int length) {
    long hash = length;
    if (length >= Long.BYTES) {
      hash = mixed(hash, (long) EIGHT_BYTES.get(bytes, from));
      hash = mixed(hash, (long) EIGHT_BYTES.get(bytes, from + (length - Long.BYTES) / 2));
      hash = mixed(hash, (long) EIGHT_BYTES.get(bytes, from + length - Long.BYTES));
    } else {
      for (int i = from; i < from + length; i++) {
        hash = mixed(hash, bytes[i]);
      }
    }
    return (int) (hash >>> Long.SIZE - SLOT_BITS);
  }

  private static long mixed(long hash, long value) {
    return (Long.rotateLeft(hash, 29) ^ value) * 0x9E3779B97F4A7C15L;
  }
}
