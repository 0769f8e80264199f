/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import io.vmallocfleet.schemas.ByteCount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A result as text:
 *
 * <pre>
 *                              snapshots/s      areas/s  Flink µs        broker µs  × (a)            garbage
 * (a) bytes → discard              52,310   43,521,920   19.1 18.8–19.9       2.9  1.0            21.3 KiB
 * </pre>
 */
final class ResultTable {
  private ResultTable() {}

  static String text(BenchResult result) {
    var text = new StringBuilder();
    Machine machine = result.machine();
    text.append(
        line(
            "%d × %s, %s, %s, Java %s, load %.1f",
            machine.processors(),
            machine.processor(),
            bytes(machine.memoryBytes()),
            machine.kernel(),
            machine.java(),
            machine.load()));
    Filling.Filled filled = result.filled();
    text.append(
        line(
            "%,d snapshots of %,d hosts: on average %,.0f areas, %.0f call sites, %s, on disk %s (zstd)",
            filled.snapshots(),
            result.load().hosts(),
            filled.areasPerSnapshot(),
            (double) filled.callSites() / filled.snapshots(),
            bytes(filled.snapshotBytes() / filled.snapshots()),
            bytes(filled.topicBytes() / filled.snapshots())));
    text.append(
        line(
            "parallelism %d, state in %s, heap %s; medians, with least and most",
            result.parallelism(), result.stateBackend(), result.heap()));
    text.append('\n');
    text.append(
        line(
            "%-28s %12s %13s   %-20s %9s   %-18s %10s %9s",
            "",
            "snapshots/s",
            "areas/s",
            "Flink µs/snapshot",
            "broker µs",
            "× (a)",
            "garbage",
            "live heap"));
    for (VariantResult variant : result.variants()) {
      text.append(row(variant, filled.areasPerSnapshot()));
    }
    text.append('\n');
    result.variants().stream()
        .filter(variant -> variant.letter().equals(Variant.ANALYTICS.letter()))
        .forEach(variant -> text.append(state(variant, result.load().hosts())));
    return text.toString();
  }

  private static String row(VariantResult variant, double areas) {
    return line(
        "%-28s %,12.0f %,13.0f   %-20s %9.1f   %-18s %10s %9s",
        "(" + variant.letter() + ") " + variant.title(),
        variant.snapshotsPerSecond().median(),
        variant.snapshotsPerSecond().median() * areas,
        spread(variant.flinkMicros()),
        variant.brokerMicros().median(),
        variant.timesCeiling() == null ? "" : spread(variant.timesCeiling()),
        bytes(variant.allocatedBytes().median()),
        bytes(variant.liveHeapBytes().median()));
  }

  private static String state(VariantResult analytics, int hosts) {
    var text = new StringBuilder();
    List<Measurement> withCheckpoint =
        analytics.runs().stream().filter(run -> run.checkpointBytes() >= 0).toList();
    if (!withCheckpoint.isEmpty()) {
      Spread bytes = Spread.of(withCheckpoint.stream().mapToDouble(Measurement::checkpointBytes));
      Spread millis = Spread.of(withCheckpoint.stream().mapToDouble(Measurement::checkpointMillis));
      Spread resume = Spread.of(withCheckpoint.stream().mapToDouble(Measurement::resumeMillis));
      text.append(
          line(
              "state near the end: %s, %s a host; its checkpoint took %s ms, a start from it %s ms",
              bytes(bytes.median()),
              bytes(bytes.median() / hosts),
              spread(millis),
              spread(resume)));
    }
    Measurement last = analytics.runs().get(analytics.runs().size() - 1);
    for (String task : busiest(last)) {
      text.append(line("busy: %s", task));
    }
    return text.toString();
  }

  /** The three tasks that worked most, with the share of the time each of their subtasks did. */
  private static List<String> busiest(Measurement run) {
    Map<String, List<Long>> byTask = new TreeMap<>();
    run.busyMillis()
        .forEach(
            (subtask, millis) ->
                byTask
                    .computeIfAbsent(
                        subtask.substring(0, subtask.lastIndexOf(" #")), t -> new ArrayList<>())
                    .add(millis));
    return byTask.entrySet().stream()
        .sorted(
            Comparator.comparingLong(
                    (Map.Entry<String, List<Long>> e) ->
                        e.getValue().stream().mapToLong(Long::longValue).sum())
                .reversed())
        .limit(3)
        .map(
            e ->
                "%s  %s"
                    .formatted(
                        String.join(
                            " ",
                            e.getValue().stream()
                                .map(
                                    ms ->
                                        String.format(
                                            Locale.ROOT, "%3.0f %%", ms * 1e5 / run.wallMicros()))
                                .toList()),
                        e.getKey().length() > 90 ? e.getKey().substring(0, 90) + "…" : e.getKey()))
        .toList();
  }

  private static String bytes(double count) {
    return new ByteCount((long) count).toString();
  }

  private static String spread(Spread spread) {
    return String.format(
        Locale.ROOT, "%.1f  %.1f–%.1f", spread.median(), spread.least(), spread.most());
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values).stripTrailing() + "\n";
  }
}
