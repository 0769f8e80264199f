/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.callers;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import com.datadoghq.sketch.ddsketch.encoding.ByteArrayInput;
import com.datadoghq.sketch.ddsketch.encoding.GrowingByteArrayOutput;
import io.vmallocfleet.schemas.Distribution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Distribution of bytes per host: a DDSketch (Masson et al., VLDB 2019) with 1 % relative accuracy
 * and at most 2,048 bins, which is enough for 1 byte to 10^17.
 */
final class BytesSketch {
  private static final double RELATIVE_ACCURACY = 0.01;
  private static final int MAX_BINS = 2048;

  private static final int MOST_WAITING = 1024;

  private final DDSketch sketch =
      DDSketches.logarithmicCollapsingLowestDense(RELATIVE_ACCURACY, MAX_BINS);

  /** Values that are not in the sketch yet. */
  private long[] waiting = new long[16];

  private int count;

  void add(long bytes) {
    if (count == MOST_WAITING) {
      drain();
    } else if (count == waiting.length) {
      waiting = Arrays.copyOf(waiting, 2 * count);
    }
    waiting[count++] = bytes;
  }

  void add(byte[] encoded) {
    try {
      sketch.decodeAndMergeWith(ByteArrayInput.wrap(encoded));
    } catch (IOException e) {
      throw new UncheckedIOException("a sketch this job encoded itself", e);
    }
  }

  /**
   * Values go into the sketch together: hosts of a cohort often hold the same, and one logarithm
   * does for all of them; and with the smallest and the largest first it grows twice, not with
   * every other value.
   */
  private void drain() {
    if (count == 0) {
      return;
    }
    Arrays.sort(waiting, 0, count);
    sketch.accept(waiting[0]);
    int to = count;
    while (to > 1) {
      int from = to - 1;
      while (from > 1 && waiting[from - 1] == waiting[from]) {
        from--;
      }
      sketch.accept(waiting[from], to - from);
      to = from;
    }
    count = 0;
  }

  byte[] encode() {
    drain();
    var out = GrowingByteArrayOutput.withDefaultInitialCapacity();
    try {
      sketch.encode(out, false);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return out.trimmedCopy();
  }

  /** At least one value must have been added. */
  Distribution distribution() {
    drain();
    double[] quantiles = sketch.getValuesAtQuantiles(new double[] {0.5, 0.9, 0.99});
    return new Distribution(
        sketch.getMinValue(),
        quantiles[0],
        quantiles[1],
        quantiles[2],
        sketch.getMaxValue(),
        ByteBuffer.wrap(encode()));
  }
}
