/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest;

import io.vmallocfleet.local.backtest.evaluation.SeriesPoint;
import io.vmallocfleet.local.backtest.evaluation.SeriesSource;
import io.vmallocfleet.local.backtest.evaluation.Usage;
import io.vmallocfleet.pipeline.recording.RecordingReader;
import io.vmallocfleet.pipeline.usage.CallerName;
import io.vmallocfleet.pipeline.usage.CallerTable;
import io.vmallocfleet.pipeline.usage.Delivery;
import io.vmallocfleet.pipeline.usage.HostUsage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.annotation.Nullable;

/**
 * A recording read without Flink, for what the report draws and what the free baselines judge, one
 * snapshot in memory at a time.
 */
final class RecordedUsage {
  private static final int BUFFER = 1 << 20;
  private static final int PROGRESS_EVERY = 1000;

  private RecordedUsage() {}

  /**
   * Reads the file once for what is said of the callers of its hosts.
   *
   * @param memoryByHost filled with MemTotal by host id, before the host's usage is given out
   * @param each is given every caller of every snapshot, and 0 bytes for one that went away
   * @param progress share of the file read, 0 to 1, now and then
   */
  static void tell(
      Path file,
      Map<String, Long> memoryByHost,
      List<? extends Consumer<Usage>> each,
      DoubleConsumer progress)
      throws IOException {
    Map<String, Map<String, CallerName>> known = new HashMap<>();
    read(
        file,
        null,
        usage -> {
          memoryByHost.put(usage.hostId(), Math.max(0, usage.budget().memTotalBytes()));
          if (usage.complete()) {
            Map<String, CallerName> names =
                known.computeIfAbsent(usage.hostId(), h -> new HashMap<>());
            callers(usage, names, u -> each.forEach(e -> e.accept(u)));
          }
        },
        progress);
  }

  /**
   * Reads the file once for the series of these keys; an empty caller is the host's total.
   *
   * @param progress share of the file read, 0 to 1, now and then
   */
  static SeriesSource series(Path file, Set<Key> keys, DoubleConsumer progress) throws IOException {
    Map<Key, List<SeriesPoint>> series = new HashMap<>();
    keys.forEach(key -> series.put(key, new ArrayList<>()));
    Set<String> hosts = keys.stream().map(Key::hostId).collect(Collectors.toSet());
    read(
        file,
        hosts::contains,
        usage -> {
          if (usage.complete()) {
            Instant at = Instant.ofEpochMilli(usage.takenAtMillis());
            add(series, usage, "", at, usage.totals().bytes());
            CallerTable callers = usage.callers();
            for (int i = 0; i < callers.size(); i++) {
              add(series, usage, callers.callers()[i], at, callers.bytes()[i]);
            }
          }
        },
        progress);
    return (host, function, module) ->
        series.getOrDefault(
            new Key(host, function.isEmpty() ? "" : new CallerName(function, module).toString()),
            List.of());
  }

  /** A caller, as {@link CallerName} writes it, on a host. */
  record Key(String hostId, String caller) {}

  private static void read(
      Path file,
      @Nullable Predicate<String> hosts,
      Consumer<HostUsage> each,
      DoubleConsumer progress)
      throws IOException {
    double size = Files.size(file);
    try (var in = new CountingInput(Files.newInputStream(file));
        var reader = new RecordingReader(file.getFileName().toString(), in, hosts)) {
      int read = 0;
      for (Delivery delivery = reader.next(); delivery != null; delivery = reader.next()) {
        if (delivery.usage() != null) {
          each.accept(delivery.usage());
        }
        if (++read % PROGRESS_EVERY == 0) {
          progress.accept(in.bytes() / size);
        }
      }
    }
  }

  private static void add(
      Map<Key, List<SeriesPoint>> series, HostUsage usage, String caller, Instant at, long bytes) {
    List<SeriesPoint> points = series.get(new Key(usage.hostId(), caller));
    if (points != null) {
      points.add(new SeriesPoint(at, bytes));
    }
  }

  /**
   * @param known callers of the host so far, which those of the snapshot are added to
   */
  private static void callers(
      HostUsage usage, Map<String, CallerName> known, Consumer<Usage> each) {
    Instant at = Instant.ofEpochMilli(usage.takenAtMillis());
    CallerTable callers = usage.callers();
    Set<String> present = new HashSet<>();
    for (int i = 0; i < callers.size(); i++) {
      String caller = callers.callers()[i];
      present.add(caller);
      CallerName name = known.computeIfAbsent(caller, CallerName::parse);
      each.accept(usage(usage, at, name, callers.bytes()[i]));
    }
    if (present.size() < known.size()) {
      known.forEach(
          (caller, name) -> {
            if (!present.contains(caller)) {
              each.accept(usage(usage, at, name, 0));
            }
          });
    }
  }

  private static Usage usage(HostUsage usage, Instant at, CallerName name, long bytes) {
    return new Usage(
        at, usage.hostId(), usage.host().hostname(), name.function(), name.module(), bytes);
  }

  /** How far a file has been read. */
  private static final class CountingInput extends java.io.BufferedInputStream {
    private long bytes;

    CountingInput(InputStream in) {
      super(in, BUFFER);
    }

    @Override
    public synchronized int read(byte[] into, int offset, int length) throws IOException {
      int read = super.read(into, offset, length);
      bytes += Math.max(0, read);
      return read;
    }

    long bytes() {
      return bytes;
    }
  }
}
