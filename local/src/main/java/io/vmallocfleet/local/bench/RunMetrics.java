/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * Flink's own metrics of the job that runs in this JVM, read where they are counted. Flink makes a
 * reporter by its class name and hands it nothing of ours, so what it was told is static; a JVM of
 * the benchmark has one cluster and one job at a time.
 */
public final class RunMetrics implements MetricReporter {
  private static final String READ = "numRecordsIn";
  private static final String BUSY = "accumulateBusyTimeMs";
  private static final String CHECKPOINT_BYTES = "lastCheckpointFullSize";
  private static final String CHECKPOINT_MILLIS = "lastCheckpointDuration";
  private static final Set<String> WANTED = Set.of(READ, BUSY, CHECKPOINT_BYTES, CHECKPOINT_MILLIS);

  private static final Map<Metric, Named> METRICS = new ConcurrentHashMap<>();

  private record Named(String name, Map<String, String> variables) {}

  /** Found by Flink through the service loader. */
  public static final class Factory implements MetricReporterFactory {
    @Override
    public MetricReporter createMetricReporter(Properties properties) {
      return new RunMetrics();
    }
  }

  /** Tasks that have just ended take their metrics away a moment later. */
  static void forget() {
    METRICS.clear();
  }

  /** Records the sources with that in their name have emitted, over all their subtasks. */
  static long recordsRead(String sourceName) {
    long[] sum = {0};
    METRICS.forEach(
        (metric, named) -> {
          String operator = named.variables.getOrDefault("<operator_name>", "");
          if (metric instanceof Counter counter
              && named.name.equals(READ)
              && operator.startsWith("Source: ")
              && operator.contains(sourceName)) {
            sum[0] += counter.getCount();
          }
        });
    return sum[0];
  }

  /** The last checkpoint's whole size in bytes; negative before the first. */
  static long checkpointBytes() {
    return gauge(CHECKPOINT_BYTES);
  }

  /** From its trigger to its end; negative before the first. */
  static long checkpointMillis() {
    return gauge(CHECKPOINT_MILLIS);
  }

  /** Time each subtask has been busy so far, by its task's name and number. */
  static Map<String, Long> busyMillis() {
    Map<String, Long> busy = new TreeMap<>();
    each(
        named -> named.name.equals(BUSY),
        (named, value) ->
            busy.put(
                "%s #%s"
                    .formatted(
                        named.variables.get("<task_name>"), named.variables.get("<subtask_index>")),
                value));
    return busy;
  }

  private static long gauge(String name) {
    long[] found = {-1};
    each(named -> named.name.equals(name), (named, value) -> found[0] = value);
    return found[0];
  }

  private static void each(Predicate<Named> wanted, ObjLongConsumer<Named> consumer) {
    METRICS.forEach(
        (metric, named) -> {
          if (metric instanceof Gauge<?> gauge
              && wanted.test(named)
              && gauge.getValue() instanceof Number value) {
            consumer.accept(named, value.longValue());
          }
        });
  }

  @Override
  public void open(MetricConfig config) {
    // Nothing to open: it is asked.
  }

  @Override
  public void close() {
    forget();
  }

  @Override
  public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
    if (WANTED.contains(name)) {
      METRICS.put(metric, new Named(name, group.getAllVariables()));
    }
  }

  @Override
  public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
    METRICS.remove(metric);
  }
}
