/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * ASCII text eight bytes at a time.
 *
 * <p>A long holds eight bytes as lanes. {@code lanes - 0x01..01 & ~lanes & 0x80..80} marks the
 * lanes that are zero, exact up to the first (Mycroft's test; Warren, Hacker's Delight, 6-1). Eight
 * hex digits fold into 32 bits by joining neighbours three times. Two to three times as fast as
 * byte by byte under C1, which neither unrolls nor vectorises. Ranges of fewer than eight bytes go
 * byte by byte, so nothing beyond an array is read.
 */
final class Words {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** 1 in each lane. */
  static final long EACH = 0x0101010101010101L;

  private static final long HIGH = 0x8080808080808080L;

  private Words() {}

  /** Index of the first such byte in text[from, to), or to. */
  static int indexOf(int wanted, byte[] text, int from, int to) {
    long pattern = wanted * EACH;
    int at = from;
    while (at <= to - Long.BYTES) {
      long lanes = (long) LONG.get(text, at) ^ pattern;
      long zero = (lanes - EACH) & ~lanes & HIGH;
      if (zero != 0) {
        return at + first(zero);
      }
      at += Long.BYTES;
    }
    while (at < to && text[at] != wanted) {
      at++;
    }
    return at;
  }

  /** Marks the lanes with a space, a newline or another byte below '!', exact up to the first. */
  static long blanks(long lanes) {
    return lanes - ('!' * EACH) & ~lanes & HIGH;
  }

  /** All bits of the lanes before the first mark. */
  static long below(long marks) {
    return ((marks & -marks) >>> 7) - 1;
  }

  /** How many lanes there are before the first mark: the product adds up one for each. */
  static int first(long marks) {
    return (int) ((below(marks) & EACH) * EACH >>> 56);
  }

  /** The eight bytes at an index, the first one lowest. */
  static long eight(byte[] text, int at) {
    return (long) LONG.get(text, at);
  }

  /** The first eight bytes of text[from, to), the first one lowest; zeros if there are fewer. */
  static long prefix(byte[] text, int from, int to) {
    int length = Math.min(to - from, Long.BYTES);
    if (length > 0 && from <= text.length - Long.BYTES) {
      return (long) LONG.get(text, from) & -1L >>> Long.SIZE - Byte.SIZE * length;
    }
    long prefix = 0;
    for (int i = length - 1; i >= 0; i--) {
      prefix = prefix << Byte.SIZE | text[from + i] & 0xff;
    }
    return prefix;
  }

  /** Whether text[from, to) stands in another array as well. */
  static boolean same(byte[] text, int from, int to, byte[] other, int otherFrom) {
    int length = to - from;
    if (length < Long.BYTES) {
      return prefix(text, from, to) == prefix(other, otherFrom, otherFrom + length);
    }
    int last = length - Long.BYTES;
    for (int i = 0; i < last; i += Long.BYTES) {
      if ((long) LONG.get(text, from + i) != (long) LONG.get(other, otherFrom + i)) {
        return false;
      }
    }
    return (long) LONG.get(text, from + last) == (long) LONG.get(other, otherFrom + last);
  }

  /** The value of the eight lower-case hex digits at an index, -1 if they are not. */
  static long hex8(byte[] text, int at) {
    long digits = (long) LONG.get(text, at);
    // A lane below 0x80 plus 0x80 - c has its high bit set exactly if it is c or more.
    long from0 = digits + (0x80 - '0') * EACH;
    long past9 = digits + (0x80 - '9' - 1) * EACH;
    long fromA = digits + (0x80 - 'a') * EACH;
    long pastF = digits + (0x80 - 'f' - 1) * EACH;
    if ((((from0 & ~past9) | (fromA & ~pastF)) & ~digits & HIGH) != HIGH) {
      return -1;
    }
    long values = (digits & 0x0f * EACH) + 9 * (fromA >>> 7 & EACH);
    // The first digit printed is the lowest lane and the highest nibble.
    values = ((values << 4) | (values >>> 8)) & 0x00ff00ff00ff00ffL;
    values = ((values << 8) | (values >>> 16)) & 0x0000ffff0000ffffL;
    return ((values << 16) | (values >>> 32)) & 0xffffffffL;
  }

  /** A hash of text[from, to). */
  static int hash(byte[] text, int from, int to) {
    long hash = 0;
    int at = from;
    while (at <= to - Long.BYTES) {
      hash = mix(hash, (long) LONG.get(text, at));
      at += Long.BYTES;
    }
    return finish(mix(hash, prefix(text, at, to)));
  }

  /** One step of {@link #hash}: the next eight bytes, or the rest of them, from 0 to 7. */
  static long mix(long hash, long lanes) {
    return (hash ^ lanes) * 0x9e3779b97f4a7c15L;
  }

  /** The last step of {@link #hash}. */
  static int finish(long hash) {
    long mixed = hash ^ hash >>> 29;
    return (int) (mixed ^ mixed >>> 32);
  }
}
