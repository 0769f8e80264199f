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
    long rest = (value << 1) ^ (value >> 63);
    if ((rest & ~0x7FL) == 0) {
      bytes[length++] = (byte) rest;
      return;
    }
    while ((rest & ~0x7FL) != 0) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
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

  private void ensure(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
    }
  }
}
