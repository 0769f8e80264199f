/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.schemas.snapshot;

import io.vmallocfleet.schemas.DeadLetterReason;
import io.vmallocfleet.schemas.UnreadableRecordException;
import java.nio.charset.StandardCharsets;

/**
 * Forward reader of Avro binary over a byte array (Avro 1.12 specification, "Binary Encoding").
 * Every length is checked against the bytes that are left, so corrupt input costs no memory.
 */
final class AvroInput {
  /** Bytes of a number of 64 bits in groups of seven. */
  private static final int LONGEST_NUMBER = 10;

  private final TextCache names = new TextCache();
  private byte[] bytes = {};
  private int position;

  void open(byte[] newBytes, int from) {
    bytes = newBytes;
    position = from;
  }

  /** Bytes read so far, the ones before {@code from} included. */
  int position() {
    return position;
  }

  /** Goes back, or on, to a position that was read before. */
  void moveTo(int earlier) {
    position = earlier;
  }

  boolean atEnd() {
    return position == bytes.length;
  }

  long readLong() throws UnreadableRecordException {
    int p = position;
    if (p < bytes.length && bytes[p] >= 0) { // one byte: most numbers there are
      position = p + 1;
      return (bytes[p] >>> 1) ^ -(bytes[p] & 1);
    }
    return p + LONGEST_NUMBER > bytes.length ? readLongNearEnd() : readLongOfMoreBytes();
  }

  private long readLongOfMoreBytes() throws UnreadableRecordException {
    int p = position;
    long b = bytes[p++];
    long value = b & 0x7F;
    for (int shift = 7; b < 0; shift += 7) {
      if (shift > 63) {
        throw corrupt("a number of more than ten bytes");
      }
      b = bytes[p++];
      value |= (b & 0x7F) << shift;
    }
    position = p;
    return (value >>> 1) ^ -(value & 1);
  }

  /** Reads as many numbers as the array takes, in one go: the position stays in a register. */
  void readLongs(long[] numbers) throws UnreadableRecordException {
    byte[] in = bytes;
    int p = position;
    if (p + LONGEST_NUMBER * numbers.length > in.length) {
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = readLong();
      }
      return;
    }
    for (int i = 0; i < numbers.length; i++) {
      long b = in[p++];
      long value = b & 0x7F;
      for (int shift = 7; b < 0; shift += 7) {
        if (shift > 63) {
          position = p;
          throw corrupt("a number of more than ten bytes");
        }
        b = in[p++];
        value |= (b & 0x7F) << shift;
      }
      numbers[i] = (value >>> 1) ^ -(value & 1);
    }
    position = p;
  }

  /**
   * Passes over an array of one pair of one-byte numbers, or of none, and an empty array after it,
   * if that is what comes next.
   */
  boolean skipPairAndEmpty() {
    byte[] in = bytes;
    int p = position;
    if (p + 5 > in.length) {
      return false;
    }
    if (in[p] == 2) { // one item
      if ((in[p + 1] | in[p + 2]) < 0) {
        return false;
      }
      p += 3;
    }
    if ((in[p] | in[p + 1]) != 0) {
      return false;
    }
    position = p + 2;
    return true;
  }

  int readInt() throws UnreadableRecordException {
    return asInt(readLong());
  }

  int asInt(long value) throws UnreadableRecordException {
    if (value != (int) value) {
      throw corrupt("number " + value + " where 32 bits are the most");
    }
    return (int) value;
  }

  String readString() throws UnreadableRecordException {
    int length = readLength();
    String value = new String(bytes, position, length, StandardCharsets.UTF_8);
    position += length;
    return value;
  }

  /** A text that many snapshots share: the same {@code String} for the same bytes, mostly. */
  String readName() throws UnreadableRecordException {
    int length = readLength();
    String name = names.text(bytes, position, length);
    position += length;
    return name;
  }

  void skipString() throws UnreadableRecordException {
    int length = readLength();
    position += length;
  }

  /**
   * Items in the next block of an array or map, 0 at its end.
   *
   * @param shortestItem bytes of the shortest item
   * @throws UnreadableRecordException also if that many items cannot fit the bytes that are left
   */
  int readBlockCount(int shortestItem) throws UnreadableRecordException {
    long count = readLong();
    if (count < 0) {
      count = -count;
      readLong(); // the block's size in bytes, for those who skip
    }
    if (count < 0 || count > (bytes.length - position) / shortestItem) {
      throw corrupt(
          "a block of " + count + " items, more than the rest can hold: cut short or corrupt");
    }
    return (int) count;
  }

  /** Index of an enum symbol or union branch below {@code choices}. */
  int readIndex(int choices) throws UnreadableRecordException {
    return asIndex(readLong(), choices);
  }

  int asIndex(long index, int choices) throws UnreadableRecordException {
    if (index < 0 || index >= choices) {
      throw corrupt("choice " + index + " of " + choices);
    }
    return (int) index;
  }

  UnreadableRecordException corrupt(String what) {
    return new UnreadableRecordException(
        DeadLetterReason.UNDECODABLE,
        "snapshot of %d bytes: %s at byte %d".formatted(bytes.length, what, position));
  }

  private long readLongNearEnd() throws UnreadableRecordException {
    long value = 0;
    for (int shift = 0; shift <= 63; shift += 7) {
      if (position == bytes.length) {
        throw corrupt("cut short");
      }
      long b = bytes[position++];
      value |= (b & 0x7F) << shift;
      if (b >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw corrupt("a number of more than ten bytes");
  }

  private int readLength() throws UnreadableRecordException {
    long length = readLong();
    if (length < 0 || length > bytes.length - position) {
      throw corrupt("a text of " + length + " bytes, more than are left: cut short or corrupt");
    }
    return (int) length;
  }
}
