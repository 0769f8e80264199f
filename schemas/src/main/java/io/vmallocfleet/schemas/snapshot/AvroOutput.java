/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.schemas.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Growing buffer of Avro binary (Avro 1.12 specification, "Binary Encoding"). */
final class AvroOutput {
  private static final int LONGEST_VARINT = 10;

  private byte[] bytes = new byte[4096];
  private int length;

  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  /** Forgets everything after {@code newLength}. */
  void truncate(int newLength) {
    length = newLength;
  }

  void writeLong(long value) {
    ensure(LONGEST_VARINT);
    length = put(bytes, length, value);
  }

  /** Three numbers, then what is encoded already. */
  void write(long first, long second, long third, byte[] encoded) {
    ensure(3 * LONGEST_VARINT + encoded.length);
    // Local: between two stores to the array the fields would be read again.
    byte[] to = bytes;
    int at = put(to, put(to, put(to, length, first), second), third);
    System.arraycopy(encoded, 0, to, at, encoded.length);
    length = at + encoded.length;
  }

  void writeString(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    writeLong(utf8.length);
    write(utf8, utf8.length);
  }

  void write(byte[] from, int count) {
    ensure(count);
    System.arraycopy(from, 0, bytes, length, count);
    length += count;
  }

  void write(AvroOutput other) {
    write(other.bytes, other.length);
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  /** Returns the position behind the number. */
  private static int put(byte[] to, int from, long value) {
    long rest = (value << 1) ^ (value >> 63);
    int at = from;
    while ((rest & ~0x7FL) != 0) {
      to[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    to[at++] = (byte) rest;
    return at;
  }

  private void ensure(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
    }
  }
}
