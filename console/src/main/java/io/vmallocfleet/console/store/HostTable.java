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
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** All hosts by id. A host not heard of for a day of windows is forgotten. */
final class HostTable {
  /** Windows after which a host that says nothing counts as silent. */
  static final int SILENT_AFTER = 4;

  private static final Comparator<HostEntry> BY_NAME =
      Comparator.comparing((HostEntry host) -> host.hostname).thenComparing(host -> host.id);

  private final Map<String, HostEntry> entries = new HashMap<>();
  private final List<HostEntry> byName = new ArrayList<>();
  private boolean sorted;
  private final Map<Map<String, String>, Map<String, String>> labelSets = new HashMap<>();
  private final Windows windows;
  private final Cohorts cohorts;

  HostTable(Windows windows, Cohorts cohorts) {
    this.windows = windows;
    this.cohorts = cohorts;
  }

  HostEntry entry(String id) {
    return entries.computeIfAbsent(
        id,
        added -> {
          var host = new HostEntry(added);
          byName.add(host);
          sorted = false;
          return host;
        });
  }

  void name(HostEntry host, String hostname) {
    if (!host.hostname.equals(hostname)) {
      host.hostname = hostname;
      sorted = false;
    }
  }

  /**
   * All in the order of their names, then ids. Sorted when somebody looks and names have changed:
   * what was in order before is not compared again. Readers come one at a time to here, and then
   * find it sorted until the next write.
   */
  private synchronized List<HostEntry> byName() {
    if (!sorted) {
      byName.sort(BY_NAME);
      sorted = true;
    }
    return byName;
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
    byName.clear();
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
    long oldest = windows.newest() - Windows.KEPT;
    entries.values().removeIf(host -> host.window < oldest);
    byName.removeIf(host -> host.window < oldest);
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
    List<HostEntry> matching =
        byName().stream().filter(host -> matches(host, text, query)).toList();
    List<HostEntry> shown =
        query.sort() == HostQuery.Sort.NAME
            ? matching.stream().skip(query.offset()).limit(query.limit()).toList()
            : Ranking.part(matching, order(query.sort()), query.offset(), query.limit());
    return new Page<>(matching.size(), query.offset(), shown.stream().map(this::row).toList());
  }

  /** The first hosts in that order of those the condition holds for. */
  List<HostRow> first(HostQuery.Sort sort, Predicate<HostEntry> among, int limit) {
    List<HostEntry> matching = byName().stream().filter(among).toList();
    return Ranking.part(matching, order(sort), 0, limit).stream().map(this::row).toList();
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
        Double.isNaN(host.changeBytes) ? null : Long.valueOf((long) host.changeBytes),
        host.areas,
        host.mappedBytes,
        host.unpurgedBytes,
        host.largestHoleBytes < 0 ? null : Long.valueOf(host.largestHoleBytes),
        Float.isNaN(host.unusable) ? null : Float.valueOf(host.unusable),
        Float.isNaN(host.headroomUsed) ? null : Float.valueOf(host.headroomUsed),
        host.lostSnapshots,
        host.clockAheadMillis,
        host.malformedLines,
        host.spoolMaxBytes == 0
            ? null
            : new HostRow.Spool(host.spoolSnapshots, host.spoolBytes, host.spoolMaxBytes));
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

  /** What orders hosts, smallest first; equal ones stay in the order of their names. */
  private static ToDoubleFunction<HostEntry> order(HostQuery.Sort sort) {
    return switch (sort) {
      case BYTES -> largest(host -> host.bytes);
      case CHANGE -> largest(host -> host.changeBytes);
      case AREAS -> largest(host -> host.areas);
      case UNPURGED -> largest(host -> host.unpurgedBytes);
      case HOLE -> largest(host -> host.largestHoleBytes < 0 ? Double.NaN : -host.largestHoleBytes);
      case UNUSABLE -> largest(host -> host.unusable);
      case HEADROOM -> largest(host -> host.headroomUsed);
      case SEEN -> host -> host.windowEndMillis;
      case LOST -> largest(host -> host.lostSnapshots);
      case SPOOL -> largest(HostEntry::spoolUsed);
      case NAME -> host -> 0;
    };
  }

  private static ToDoubleFunction<HostEntry> largest(ToDoubleFunction<HostEntry> value) {
    return host -> {
      double number = value.applyAsDouble(host);
      return Double.isNaN(number) ? Double.POSITIVE_INFINITY : -number;
    };
  }
}
