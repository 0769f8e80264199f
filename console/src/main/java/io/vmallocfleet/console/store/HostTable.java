/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import io.vmallocfleet.schemas.Cohort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.ToDoubleFunction;

/** All hosts by id. A host not heard of for a day of windows is forgotten. */
final class HostTable {
  /** Windows after which a host that says nothing counts as silent. */
  static final int SILENT_AFTER = 4;

  private final Map<String, HostEntry> entries = new HashMap<>();
  private final Map<Map<String, String>, Map<String, String>> labelSets = new HashMap<>();
  private final Windows windows;
  private final Cohorts cohorts;

  HostTable(Windows windows, Cohorts cohorts) {
    this.windows = windows;
    this.cohorts = cohorts;
  }

  HostEntry entry(String id) {
    return entries.computeIfAbsent(id, HostEntry::new);
  }

  HostEntry find(String id) {
    return entries.get(id);
  }

  Iterable<HostEntry> all() {
    return entries.values();
  }

  int size() {
    return entries.size();
  }

  void clear() {
    entries.clear();
    labelSets.clear();
  }

  /** One instance for equal labels: hosts of a fleet share few sets of them. */
  Map<String, String> sharedLabels(Map<String, String> labels) {
    if (labelSets.size() > 100_000) {
      labelSets.clear(); // labels that differ on every host are no use to share
    }
    return labelSets.computeIfAbsent(Map.copyOf(labels), same -> same);
  }

  void forgetLongSilent() {
    entries.values().removeIf(host -> host.window < windows.newest() - Windows.KEPT);
  }

  HostState state(HostEntry host) {
    // The fleet's own clock: a pipeline that stands still does not make every host silent.
    if (host.window <= windows.newest() - SILENT_AFTER) {
      return HostState.SILENT;
    }
    if (host.blind) {
      return HostState.BLIND;
    }
    return host.clockAheadMillis > 0 ? HostState.SKEWED : HostState.FINE;
  }

  Map<HostState, Long> byState() {
    Map<HostState, Long> counts = new EnumMap<>(HostState.class);
    for (HostState state : HostState.values()) {
      counts.put(state, 0L);
    }
    entries.values().forEach(host -> counts.merge(state(host), 1L, Long::sum));
    return counts;
  }

  Page<HostRow> page(HostQuery query) {
    String text = query.text().toLowerCase(Locale.ROOT);
    Comparator<HostEntry> order = order(query.sort());
    int wanted = query.offset() + query.limit();
    // The heap keeps the best rows seen so far with the worst of them on top.
    var best = new PriorityQueue<HostEntry>(Math.min(wanted, 1024) + 1, order.reversed());
    long total = 0;
    for (HostEntry host : entries.values()) {
      if (matches(host, text, query)) {
        total++;
        keep(host, best, wanted, order);
      }
    }
    List<HostEntry> sorted = new ArrayList<>(best);
    sorted.sort(order);
    return new Page<>(
        total, query.offset(), sorted.stream().skip(query.offset()).map(this::row).toList());
  }

  /** Most hosts are worse than the worst one kept: a single comparison. */
  private static void keep(
      HostEntry host, PriorityQueue<HostEntry> best, int wanted, Comparator<HostEntry> order) {
    if (best.size() < wanted) {
      best.add(host);
    } else if (order.compare(host, best.peek()) < 0) {
      best.poll();
      best.add(host);
    }
  }

  /** Hosts whose name or id contains the text, the best match first. */
  List<HostRow> search(String text, int limit) {
    String wanted = text.toLowerCase(Locale.ROOT);
    Comparator<HostEntry> order =
        Comparator.comparing(
                (HostEntry host) -> !host.hostname.toLowerCase(Locale.ROOT).startsWith(wanted))
            .thenComparing(host -> host.hostname.length())
            .thenComparing(host -> host.hostname)
            .thenComparing(host -> host.id);
    var best = new PriorityQueue<HostEntry>(limit + 1, order.reversed());
    for (HostEntry host : entries.values()) {
      if (containsIgnoreCase(host.hostname, wanted) || host.id.startsWith(wanted)) {
        keep(host, best, limit, order);
      }
    }
    return best.stream().sorted(order).map(this::row).toList();
  }

  HostRow row(HostEntry host) {
    Cohort cohort = cohorts.cohort(host.cohort);
    Double change = change(host);
    return new HostRow(
        host.id,
        host.hostname,
        state(host),
        cohort.getKernelRelease(),
        cohort.getKernelBuild(),
        cohort.getArchitecture(),
        host.labels,
        host.addressMode.name(),
        host.windowEndMillis,
        host.takenAtMillis,
        host.bytes,
        change.isNaN() ? null : Long.valueOf(change.longValue()),
        host.areas,
        host.mappedBytes,
        host.unpurgedBytes,
        host.largestHoleBytes < 0 ? null : Long.valueOf(host.largestHoleBytes),
        Float.isNaN(host.unusable) ? null : Float.valueOf(host.unusable),
        Float.isNaN(host.headroomUsed) ? null : Float.valueOf(host.headroomUsed),
        host.lostSnapshots,
        host.clockAheadMillis,
        host.malformedLines);
  }

  /** Memory against the oldest of the recent windows it was seen in, NaN with only one. */
  private static double change(HostEntry host) {
    for (int back = HostEntry.RECENT - 1; back > 0; back--) {
      float before = host.recent.at(host.window - back, HostEntry.BYTES);
      if (!Float.isNaN(before)) {
        return host.bytes - (double) before;
      }
    }
    return Double.NaN;
  }

  private boolean matches(HostEntry host, String text, HostQuery query) {
    if (query.state() != null && state(host) != query.state()) {
      return false;
    }
    if (!query.kernel().isEmpty()
        && !cohorts.cohort(host.cohort).getKernelBuild().equals(query.kernel())
        && !cohorts.cohort(host.cohort).getKernelRelease().equals(query.kernel())) {
      return false;
    }
    return text.isEmpty()
        || containsIgnoreCase(host.hostname, text)
        || host.id.startsWith(text)
        || host.labels.entrySet().stream()
            .anyMatch(label -> containsIgnoreCase(label.getKey() + "=" + label.getValue(), text))
        || containsIgnoreCase(cohorts.cohort(host.cohort).getKernelRelease(), text);
  }

  /** Without a copy of the text: this runs over every host at every key a person presses. */
  static boolean containsIgnoreCase(String text, String lowerCase) {
    for (int at = 0; at + lowerCase.length() <= text.length(); at++) {
      if (text.regionMatches(true, at, lowerCase, 0, lowerCase.length())) {
        return true;
      }
    }
    return false;
  }

  private Comparator<HostEntry> order(HostQuery.Sort sort) {
    Comparator<HostEntry> order =
        switch (sort) {
          case BYTES -> largest(host -> host.bytes);
          case CHANGE -> largest(HostTable::change);
          case AREAS -> largest(host -> host.areas);
          case UNPURGED -> largest(host -> host.unpurgedBytes);
          case HOLE ->
              largest(host -> host.largestHoleBytes < 0 ? Double.NaN : -host.largestHoleBytes);
          case UNUSABLE -> largest(host -> host.unusable);
          case HEADROOM -> largest(host -> host.headroomUsed);
          case SEEN -> Comparator.comparingLong(host -> host.windowEndMillis);
          case LOST -> largest(host -> host.lostSnapshots);
          case NAME -> Comparator.comparing(host -> host.hostname);
        };
    return order.thenComparing(host -> host.hostname).thenComparing(host -> host.id);
  }

  private static Comparator<HostEntry> largest(ToDoubleFunction<HostEntry> value) {
    return Comparator.comparingDouble(
        host -> {
          double number = value.applyAsDouble(host);
          return Double.isNaN(number) ? Double.POSITIVE_INFINITY : -number;
        });
  }
}
