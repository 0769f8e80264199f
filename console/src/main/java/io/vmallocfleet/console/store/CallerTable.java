/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import io.vmallocfleet.callers.CallerKnowledge;
import io.vmallocfleet.callers.CallerMeaning;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.annotation.Nullable;

/**
 * Callers over the fleet. A caller that no window of a day shows is forgotten, and beyond {@link
 * #MOST} the smallest one is not taken up: hostile input cannot fill the heap.
 */
final class CallerTable {
  static final int MOST = 8_000;

  private final Map<CallerName, CallerEntry> entries = new HashMap<>();
  private final Windows windows;
  private final CallerKnowledge knowledge;
  private long refused;

  CallerTable(Windows windows, CallerKnowledge knowledge) {
    this.windows = windows;
    this.knowledge = knowledge;
  }

  /** The entry, null if there are too many already. */
  @Nullable
  CallerEntry entry(CallerName name) {
    CallerEntry entry = entries.get(name);
    if (entry == null) {
      if (entries.size() >= MOST) {
        refused++;
        return null;
      }
      entry = new CallerEntry(name);
      entries.put(name, entry);
    }
    return entry;
  }

  @Nullable
  CallerEntry find(CallerName name) {
    return entries.get(name);
  }

  int size() {
    return entries.size();
  }

  /** Windows of callers that were not taken up. */
  long refused() {
    return refused;
  }

  void clear() {
    entries.clear();
  }

  void forgetLongGone() {
    entries.values().removeIf(caller -> lastWindow(caller) < windows.newest() - Windows.KEPT);
  }

  private static long lastWindow(CallerEntry caller) {
    return caller.shares.values().stream().mapToLong(s -> s.window).max().orElse(Long.MIN_VALUE);
  }

  Page<CallerRow> page(CallerQuery query) {
    String text = query.text().toLowerCase(Locale.ROOT);
    List<CallerRow> rows = new ArrayList<>();
    for (CallerEntry caller : entries.values()) {
      CallerMeaning meaning = knowledge.meaning(caller.name.function(), caller.name.module());
      boolean wanted =
          (text.isEmpty()
                  || HostTable.containsIgnoreCase(caller.name.toString(), text)
                  || HostTable.containsIgnoreCase(meaning.family().label(), text))
              && (query.family().isEmpty() || query.family().equals(meaning.family().slug()));
      if (wanted) {
        rows.add(row(caller, meaning, query.rangeMillis()));
      }
    }
    rows.sort(order(query.sort()));
    return new Page<>(
        rows.size(),
        query.offset(),
        rows.stream().skip(query.offset()).limit(query.limit()).toList());
  }

  CallerRow row(CallerEntry caller, CallerMeaning meaning, long rangeMillis) {
    long window = windows.newest();
    long bytes = caller.bytesIn(window);
    double before = before(caller, rangeMillis);
    return new CallerRow(
        caller.name.function(),
        caller.name.module(),
        meaning.family().slug(),
        meaning.family().label(),
        meaning.known(),
        bytes,
        Double.isNaN(before) ? null : Long.valueOf(bytes - (long) before),
        caller.areasIn(window),
        caller.hostsIn(window),
        latest(caller, CallerEntry.P50),
        latest(caller, CallerEntry.P99),
        latest(caller, CallerEntry.MAX));
  }

  private @Nullable Float latest(CallerEntry caller, int column) {
    for (long window = windows.newest(); window > windows.newest() - 2; window--) {
      float value = caller.ring.at(window, column);
      if (!Float.isNaN(value)) {
        return value;
      }
    }
    return null;
  }

  /** Bytes at the beginning of the range, or at the first window after it. */
  private double before(CallerEntry caller, long rangeMillis) {
    long first =
        windows.newest() - Math.min(Windows.KEPT - 1, rangeMillis / windows.lengthMillis());
    for (long window = Math.max(first, caller.firstWindow);
        window < windows.newest() - 1;
        window++) {
      float value = caller.ring.at(window, CallerEntry.BYTES);
      if (!Float.isNaN(value)) {
        return value;
      }
    }
    return Double.NaN;
  }

  private static Comparator<CallerRow> order(CallerQuery.Sort sort) {
    Comparator<CallerRow> order =
        switch (sort) {
          case BYTES -> Comparator.comparingLong(row -> -row.bytes());
          case CHANGE -> Comparator.comparingLong(row -> -changeOf(row));
          case MOVED -> Comparator.comparingLong(row -> -Math.abs(changeOf(row)));
          case AREAS -> Comparator.comparingLong(row -> -row.areas());
          case HOSTS -> Comparator.comparingLong(row -> -row.hosts());
          case P99 -> Comparator.comparingDouble(row -> row.p99() == null ? 0 : -row.p99());
          case NAME -> Comparator.comparing(CallerRow::function);
        };
    return order.thenComparing(CallerRow::function).thenComparing(CallerRow::module);
  }

  private static long changeOf(CallerRow row) {
    return row.changeBytes() == null ? 0 : row.changeBytes();
  }
}
