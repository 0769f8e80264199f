/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One alert an episode: it begins when a key turns bad and is over when it is back. */
final class Episodes {
  private final String detector;
  private final String kind;
  private final Map<Key, AlertSpan> open = new HashMap<>();
  private final List<AlertSpan> ended = new ArrayList<>();
  private int fired;

  Episodes(String detector, String kind) {
    this.detector = detector;
    this.kind = kind;
  }

  void bad(Key key, String hostname, Instant at, String sentence) {
    if (!open.containsKey(key)) {
      open.put(
          key,
          new AlertSpan(
              detector + "-" + ++fired,
              kind,
              "PAGE",
              key.hostId(),
              hostname,
              key.function(),
              key.module(),
              "",
              "",
              "",
              List.of(),
              at,
              null,
              sentence,
              detector));
    }
  }

  void good(Key key, Instant at) {
    AlertSpan alert = open.remove(key);
    if (alert != null) {
      ended.add(
          new AlertSpan(
              alert.id(),
              alert.kind(),
              alert.severity(),
              alert.hostId(),
              alert.hostname(),
              alert.function(),
              alert.module(),
              alert.purpose(),
              alert.cohort(),
              alert.owner(),
              alert.worstHostIds(),
              alert.firedAt(),
              at,
              alert.sentence(),
              alert.detector()));
    }
  }

  List<AlertSpan> alerts() {
    List<AlertSpan> all = new ArrayList<>(ended);
    all.addAll(open.values());
    all.sort(Comparator.comparing(AlertSpan::firedAt).thenComparing(AlertSpan::id));
    return all;
  }

  /** What an episode is about; function and module are empty for a whole host. */
  record Key(String hostId, String function, String module) {
    static Key of(Usage usage) {
      return new Key(usage.hostId(), usage.function(), usage.module());
    }
  }
}
