/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes texts that come again and again, such as the names of callers, and gives whoever reads
 * them the {@code String} it has: nothing is encoded, decoded or hashed a second time. A text is
 * written as its hash, by which the reader finds it, its length and its UTF-8.
 *
 * <p>Direct mapped, a newcomer takes the place of whoever hashes alike: so its size is bounded
 * whatever it is fed, and a miss costs what encoding or decoding costs. Not thread safe.
 */
final class RecurringTexts {
  private static final int SLOTS = 1 << 12;

  /** A length of that and more follows in four bytes. */
  private static final int LONG = 255;

  private final String[] texts = new String[SLOTS];
  private final byte[][] encoded = new byte[SLOTS][];
  private byte[] read = new byte[LONG];

  void write(String text, DataOutputView out) throws IOException {
    int hash = text.hashCode();
    int slot = slot(hash);
    byte[] bytes;
    if (text.equals(texts[slot])) {
      bytes = encoded[slot];
    } else {
      bytes = text.getBytes(StandardCharsets.UTF_8);
      keep(slot, text, bytes);
    }
    out.writeInt(hash);
    out.writeByte(Math.min(bytes.length, LONG));
    if (bytes.length >= LONG) {
      out.writeInt(bytes.length);
    }
    out.write(bytes);
  }

  String read(DataInputView in) throws IOException {
    int slot = slot(in.readInt());
    int length = in.readUnsignedByte();
    if (length == LONG) {
      length = in.readInt();
    }
    if (length > read.length) {
      read = new byte[length];
    }
    in.readFully(read, 0, length);
    byte[] known = encoded[slot];
    if (known != null && Arrays.equals(known, 0, known.length, read, 0, length)) {
      return texts[slot];
    }
    String text = new String(read, 0, length, StandardCharsets.UTF_8);
    keep(slot, text, Arrays.copyOf(read, length));
    return text;
  }

  private void keep(int slot, String text, byte[] bytes) {
    if (bytes.length < LONG) { // longer ones are names of nothing
      texts[slot] = text;
      encoded[slot] = bytes;
    }
  }

  private static int slot(int hash) {
    return (hash ^ hash >>> 16) & SLOTS - 1;
  }
}
