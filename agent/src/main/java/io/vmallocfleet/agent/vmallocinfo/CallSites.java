/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The callers seen so far, each once, found by their bytes. Kernels print the same few hundred over
 * and over, so after the first snapshot nothing is allocated and nothing is decoded.
 *
 * <p>Bounded by {@link ParserLimits#callSites}. Raw addresses share one entry: they are as many as
 * a kernel with pointer authentication cares to sign, and must not be published anyway. When the
 * dictionary is full, further callers are {@link Caller#UNLISTED} for the rest of that file, and it
 * starts afresh with the next one: {@link #generation} tells, because indices then mean other
 * callers. Not thread safe.
 */
public final class CallSites {

  /** Index of a row without a caller. */
  public static final int NONE = -1;

  /** Index of {@link Caller#UNRESOLVED}. */
  public static final int UNRESOLVED = 0;

  /** Index of {@link Caller#UNLISTED}. */
  public static final int UNLISTED = 1;

  private static final int RESERVED = 2;

  private final int limit;
  private Caller[] callers = new Caller[64];

  /** The bytes of all texts one after the other: caller i has textEnds[i - 1] to textEnds[i]. */
  private byte[] texts = new byte[4096];

  private int[] textEnds = new int[callers.length];

  /** Open addressing, linear probing, at most half full; index + 1, 0 is free. */
  private int[] slots = new int[2 * callers.length];

  private int size;
  private int generation;
  private boolean overflowed;

  CallSites(int limit) {
    this.limit = limit;
    forget();
  }

  /** How many there are, the two reserved ones included: indices are 0 to size - 1. */
  public int size() {
    return size;
  }

  /** The caller at an index, {@link Caller#NONE} for {@link #NONE}. Never a raw address. */
  public Caller caller(int index) {
    return index == NONE ? Caller.NONE : callers[index];
  }

  /** Grows when the dictionary starts afresh and indices of earlier snapshots mean nothing. */
  public int generation() {
    return generation;
  }

  /** Called between files. */
  void startAfreshIfOverflowed() {
    if (overflowed) {
      generation++;
      forget();
    }
  }

  /** Index of the caller printed in text[from, to), which hashes to that; -1 if not seen yet. */
  int find(byte[] text, int from, int to, int hash) {
    int mask = slots.length - 1;
    for (int slot = hash & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
      int index = slots[slot] - 1;
      int begin = textEnds[index - 1];
      if (textEnds[index] - begin == to - from && Words.same(text, from, to, texts, begin)) {
        return index;
      }
    }
    return -1;
  }

  /** Adds a caller that is not there yet; {@link #NONE} if the text is no caller. */
  int add(byte[] text, int from, int to) {
    Optional<Caller> caller =
        Caller.parse(new String(text, from, to - from, StandardCharsets.ISO_8859_1));
    if (caller.isEmpty()) {
      return NONE;
    }
    if (size - RESERVED >= limit) {
      overflowed = true;
      return UNLISTED;
    }
    if (size == callers.length) {
      grow();
    }
    int begin = textEnds[size - 1];
    int end = begin + to - from;
    if (end > texts.length) {
      texts = Arrays.copyOf(texts, Math.max(end, 2 * texts.length));
    }
    System.arraycopy(text, from, texts, begin, to - from);
    textEnds[size] = end;
    callers[size] = caller.get();
    occupySlot(size);
    return size++;
  }

  private void forget() {
    Arrays.fill(slots, 0);
    Arrays.fill(callers, null);
    callers[UNRESOLVED] = Caller.UNRESOLVED;
    callers[UNLISTED] = Caller.UNLISTED;
    size = RESERVED;
    overflowed = false;
  }

  private void grow() {
    callers = Arrays.copyOf(callers, 2 * size);
    textEnds = Arrays.copyOf(textEnds, 2 * size);
    slots = new int[4 * size];
    for (int index = RESERVED; index < size; index++) {
      occupySlot(index);
    }
  }

  private void occupySlot(int index) {
    int mask = slots.length - 1;
    int slot = Words.hash(texts, textEnds[index - 1], textEnds[index]) & mask;
    while (slots[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = index + 1;
  }
}
