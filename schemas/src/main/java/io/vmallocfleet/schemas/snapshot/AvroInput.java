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
    // Most numbers of an area fit one or two bytes.
    int p = position;
    if (p + 10 > bytes.length) {
      return readLongNearEnd();
    }
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

  int readInt() throws UnreadableRecordException {
    long value = readLong();
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
    long index = readLong();
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
