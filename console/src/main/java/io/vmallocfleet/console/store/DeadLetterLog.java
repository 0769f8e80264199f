/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import io.vmallocfleet.schemas.DeadLetter;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The last dead letters, with the beginning of what they held, and counts by reason. */
final class DeadLetterLog {
  static final int MOST = 500;
  static final int SHOWN_BYTES = 512;

  private final Deque<DeadLetterView> letters = new ArrayDeque<>();
  private final Map<String, Long> byReason = new TreeMap<>();

  void add(DeadLetter letter, String key) {
    ByteBuffer payload = letter.getPayload();
    byte[] shown = new byte[payload == null ? 0 : Math.min(SHOWN_BYTES, payload.remaining())];
    if (payload != null) {
      payload.duplicate().get(shown);
    }
    byReason.merge(letter.getReason().name(), 1L, Long::sum);
    letters.addFirst(
        new DeadLetterView(
            key,
            letter.getTopic(),
            letter.getPartition(),
            letter.getOffset(),
            letter.getAppendedAt().toEpochMilli(),
            letter.getReason().name(),
            letter.getDetail(),
            payload == null ? null : Integer.valueOf(payload.remaining()),
            HexFormat.of().formatHex(shown)));
    if (letters.size() > MOST) {
      letters.removeLast();
    }
  }

  Map<String, Long> byReason() {
    return Map.copyOf(byReason);
  }

  List<DeadLetterView> newest(int limit) {
    return new ArrayList<>(letters).subList(0, Math.min(limit, letters.size()));
  }
}
