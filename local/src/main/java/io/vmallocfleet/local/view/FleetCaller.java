/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.view;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.encoding.ByteArrayInput;
import com.datadoghq.sketch.ddsketch.store.CollapsingLowestDenseStore;
import io.vmallocfleet.local.records.CallerName;
import io.vmallocfleet.schemas.CallerWindow;
import io.vmallocfleet.schemas.HostUse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One caller over all hosts in one window, whatever kernel they run.
 *
 * @param hosts hosts that show it
 * @param areas areas on all of them
 * @param bytes memory on all of them
 * @param mappedBytes address space on all of them
 * @param p50Bytes median of the bytes per host; NaN where the sketches of several kernels cannot be
 *     merged
 * @param p99Bytes 99th percentile, likewise
 * @param worst the host on which it holds most
 */
public record FleetCaller(
    CallerName name,
    long hosts,
    long areas,
    long bytes,
    long mappedBytes,
    double p50Bytes,
    double p99Bytes,
    Optional<HostUse> worst) {
  private static final int MAX_BINS = 2048;

  /** Of the records of one caller, one a cohort. */
  static FleetCaller of(List<CallerWindow> cohorts) {
    CallerWindow any = cohorts.get(0);
    double p50 = any.getBytesPerHost().getP50();
    double p99 = any.getBytesPerHost().getP99();
    if (cohorts.size() == 1 && any.getHosts() == 1) {
      // Exact, where the sketch would be off by up to 1 % beside the very same number.
      p50 = any.getBytes();
      p99 = any.getBytes();
    } else if (cohorts.size() > 1) {
      double[] merged = quantiles(cohorts);
      p50 = merged[0];
      p99 = merged[1];
    }
    return new FleetCaller(
        new CallerName(any.getFunction(), any.getModule()),
        cohorts.stream().mapToLong(CallerWindow::getHosts).sum(),
        cohorts.stream().mapToLong(CallerWindow::getAreas).sum(),
        cohorts.stream().mapToLong(CallerWindow::getBytes).sum(),
        cohorts.stream().mapToLong(CallerWindow::getMappedBytes).sum(),
        p50,
        p99,
        cohorts.stream()
            .flatMap(cohort -> cohort.getTopHosts().stream())
            .max(Comparator.comparingLong(HostUse::getBytes)));
  }

  private static double[] quantiles(List<CallerWindow> cohorts) {
    try {
      DDSketch all = decode(cohorts.get(0));
      for (CallerWindow cohort : cohorts.subList(1, cohorts.size())) {
        all.mergeWith(decode(cohort));
      }
      return all.getValuesAtQuantiles(new double[] {0.5, 0.99});
    } catch (IOException | RuntimeException foreignSketch) {
      return new double[] {Double.NaN, Double.NaN};
    }
  }

  private static DDSketch decode(CallerWindow cohort) throws IOException {
    ByteBuffer sketch = cohort.getBytesPerHost().getSketch().duplicate();
    byte[] bytes = new byte[sketch.remaining()];
    sketch.get(bytes);
    return DDSketch.decode(
        ByteArrayInput.wrap(bytes), () -> new CollapsingLowestDenseStore(MAX_BINS));
  }
}
