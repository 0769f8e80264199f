/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import javax.annotation.Nullable;

/**
 * All measured runs of one variant.
 *
 * @param recordsPerSnapshot Kafka records that are one snapshot
 * @param timesCeiling Flink's processor time over that of {@link Variant#BYTES} in the same round
 */
record VariantResult(
    String letter,
    String title,
    String about,
    double recordsPerSnapshot,
    Spread snapshotsPerSecond,
    Spread flinkMicros,
    Spread brokerMicros,
    @Nullable Spread timesCeiling,
    Spread allocatedBytes,
    Spread liveHeapBytes,
    Spread peakHeapBytes,
    List<Measurement> runs) {

  static VariantResult of(
      Variant variant,
      double recordsPerSnapshot,
      List<Measurement> runs,
      List<Measurement> ceilings) {
    return new VariantResult(
        variant.letter(),
        variant.title(),
        variant.about(),
        recordsPerSnapshot,
        spread(runs, m -> m.records() / recordsPerSnapshot / (m.wallMicros() / 1e6)),
        spread(runs, m -> m.flinkMicros() * recordsPerSnapshot / m.records()),
        spread(runs, m -> m.brokerMicros() * recordsPerSnapshot / m.records()),
        ceilings.isEmpty() ? null : timesCeiling(recordsPerSnapshot, runs, ceilings),
        spread(runs, m -> m.allocatedBytes() * recordsPerSnapshot / m.records()),
        spread(runs, Measurement::liveHeapBytes),
        spread(runs, Measurement::peakHeapBytes),
        List.copyOf(runs));
  }

  private static Spread spread(List<Measurement> runs, ToDoubleFunction<Measurement> value) {
    return Spread.of(runs.stream().mapToDouble(value));
  }

  private static Spread timesCeiling(
      double recordsPerSnapshot, List<Measurement> runs, List<Measurement> ceilings) {
    return Spread.of(
        IntStream.range(0, runs.size())
            .mapToDouble(
                i ->
                    runs.get(i).flinkPerRecord()
                        * recordsPerSnapshot
                        / ceilings.get(i).flinkPerRecord()));
  }
}
