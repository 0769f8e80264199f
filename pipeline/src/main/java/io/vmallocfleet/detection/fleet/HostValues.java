/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import com.datadoghq.sketch.ddsketch.encoding.ByteArrayInput;
import com.datadoghq.sketch.ddsketch.encoding.GrowingByteArrayOutput;
import com.datadoghq.sketch.ddsketch.store.Bin;
import com.datadoghq.sketch.ddsketch.store.CollapsingLowestDenseStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.function.DoubleUnaryOperator;

/**
 * How one number, of either sign, spreads over hosts: a DDSketch (Masson et al., VLDB 2019), within
 * 1 % of every value. Mergeable in any order.
 */
final class HostValues {
  private static final double RELATIVE_ACCURACY = 0.01;
  private static final int MAX_BINS = 2048;

  /** Makes the median absolute deviation of a normal sample its standard deviation. */
  private static final double MAD_TO_SIGMA = 1.4826;

  /** Beyond that many deviations a host did something of its own: it was deployed to, say. */
  private static final double OWN_BUSINESS = 3;

  private final DDSketch sketch;

  HostValues() {
    sketch = DDSketches.logarithmicCollapsingLowestDense(RELATIVE_ACCURACY, MAX_BINS);
  }

  /**
   * Where the values lie, judged by those within three robust deviations of the median: hosts that
   * moved by themselves have no say.
   *
   * @param hosts all of them
   * @param mean of those that have a say
   * @param standardError of the mean; 0 when all are equal
   */
  record Location(long hosts, double mean, double standardError) {
    static final Location NOWHERE = new Location(0, 0, 0);
  }

  void add(double value) {
    sketch.accept(value);
  }

  void add(byte[] encoded) {
    try {
      sketch.mergeWith(
          DDSketch.decode(
              ByteArrayInput.wrap(encoded), () -> new CollapsingLowestDenseStore(MAX_BINS)));
    } catch (IOException e) {
      throw new UncheckedIOException("a sketch this job encoded itself", e);
    }
  }

  byte[] encode() {
    var out = GrowingByteArrayOutput.withDefaultInitialCapacity();
    try {
      sketch.encode(out, false);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return out.trimmedCopy();
  }

  long count() {
    return Math.round(sketch.getCount());
  }

  double sum() {
    return sketch.isEmpty() ? 0 : sketch.getSum();
  }

  Location location() {
    if (sketch.isEmpty()) {
      return Location.NOWHERE;
    }
    Histogram all = histogram(0);
    double median = all.median();
    double reach = OWN_BUSINESS * MAD_TO_SIGMA * all.map(v -> Math.abs(v - median)).median();
    double kept = 0;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < all.values.length; i++) {
      double distance = all.values[i] - median;
      if (Math.abs(distance) <= reach) {
        kept += all.counts[i];
        sum += all.counts[i] * distance;
        squares += all.counts[i] * distance * distance;
      }
    }
    double mean = sum / kept;
    double variance = Math.max(0, squares / kept - mean * mean);
    return new Location(count(), median + mean, Math.sqrt(variance / kept));
  }

  /**
   * Median and robust deviation over a whole cohort.
   *
   * @param inCohort hosts of the cohort; those without a value count as 0
   * @param deviation of the natural logarithms of one more than the value
   */
  record Spread(double median, double deviation) {}

  Spread spread(long inCohort) {
    Histogram all = histogram(Math.max(0, inCohort - count()));
    double median = all.median();
    double middle = Math.log1p(median);
    return new Spread(
        median, MAD_TO_SIGMA * all.map(v -> Math.abs(Math.log1p(v) - middle)).median());
  }

  /** Hosts whose value lies above a bar. */
  long above(double bar) {
    Histogram all = histogram(0);
    double above = 0;
    for (int i = 0; i < all.values.length; i++) {
      above += all.values[i] > bar ? all.counts[i] : 0;
    }
    return Math.round(above);
  }

  private Histogram histogram(double moreZeros) {
    double[] values = new double[64];
    double[] counts = new double[64];
    int size = 0;
    double zeros = sketch.getCount() + moreZeros;
    for (int sign = -1; sign <= 1; sign += 2) {
      Iterator<Bin> bins =
          sign < 0
              ? sketch.getNegativeValueStore().getDescendingIterator()
              : sketch.getPositiveValueStore().getAscendingIterator();
      while (bins.hasNext()) {
        Bin bin = bins.next();
        if (size + 1 >= values.length) {
          values = Arrays.copyOf(values, 2 * size);
          counts = Arrays.copyOf(counts, 2 * size);
        }
        values[size] = sign * sketch.getIndexMapping().value(bin.getIndex());
        counts[size++] = bin.getCount();
        zeros -= bin.getCount();
      }
    }
    if (zeros >= 0.5) {
      values[size] = 0;
      counts[size++] = zeros;
    }
    return new Histogram(Arrays.copyOf(values, size), Arrays.copyOf(counts, size));
  }

  /** Values in any order, with how often each occurs. */
  private record Histogram(double[] values, double[] counts) {

    Histogram map(DoubleUnaryOperator function) {
      return new Histogram(Arrays.stream(values).map(function).toArray(), counts);
    }

    double median() {
      Integer[] order = new Integer[values.length];
      double all = 0;
      for (int i = 0; i < order.length; i++) {
        order[i] = i;
        all += counts[i];
      }
      Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
      double below = 0;
      for (int i : order) {
        below += counts[i];
        if (2 * below >= all) {
          return values[i];
        }
      }
      throw new IllegalStateException("median of nothing");
    }
  }
}
