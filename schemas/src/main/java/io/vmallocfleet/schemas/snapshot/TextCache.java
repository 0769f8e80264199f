/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.schemas.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Texts that come again and again, such as the names of callers: bytes seen before give the same
 * {@code String}, whose hash is known and which equals by identity. Direct mapped, a newcomer takes
 * the place of whoever hashes alike: so its size is bounded whatever it is fed, and a miss costs
 * what decoding costs. Not thread safe.
 */
final class TextCache {
  private static final int SLOTS = 1 << 12;

  /** Longer texts are names of nothing. */
  private static final int LONGEST_BYTES = 128;

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

  /** FNV-1a, folded (Fowler, Noll and Vo, draft-eastlake-fnv). */
  private static int slot(byte[] bytes, int from, int length) {
    int hash = 0x811c9dc5;
    for (int i = from; i < from + length; i++) {
      hash = (hash ^ bytes[i]) * 0x01000193;
    }
    return (hash ^ hash >>> 16) & SLOTS - 1;
  }
}
