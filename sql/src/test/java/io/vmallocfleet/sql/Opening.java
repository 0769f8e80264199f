/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;

/** What Flink gives a schema when it opens it, with counters that a test can read. */
public final class Opening
    implements DeserializationSchema.InitializationContext,
        SerializationSchema.InitializationContext {
  private final Map<String, Counter> counters = new HashMap<>();

  public long counted(String name) {
    return counters.get(name).getCount();
  }

  @Override
  public MetricGroup getMetricGroup() {
    return new UnregisteredMetricsGroup() {
      @Override
      public Counter counter(String name) {
        return counters.computeIfAbsent(name, n -> new SimpleCounter());
      }
    };
  }

  @Override
  public UserCodeClassLoader getUserCodeClassLoader() {
    return SimpleUserCodeClassLoader.create(Opening.class.getClassLoader());
  }
}
