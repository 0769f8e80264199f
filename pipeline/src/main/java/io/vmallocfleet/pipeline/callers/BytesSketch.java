/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.callers;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import com.datadoghq.sketch.ddsketch.encoding.ByteArrayInput;
import com.datadoghq.sketch.ddsketch.encoding.GrowingByteArrayOutput;
import com.datadoghq.sketch.ddsketch.store.CollapsingLowestDenseStore;
import io.vmallocfleet.schemas.Distribution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Distribution of bytes per host: a DDSketch (Masson et al., VLDB 2019) with 1 % relative accuracy
 * and at most 2,048 bins, which is enough for 1 byte to 10^17.
 */
final class BytesSketch {
  private static final double RELATIVE_ACCURACY = 0.01;
  private static final int MAX_BINS = 2048;

  private final DDSketch sketch =
      DDSketches.logarithmicCollapsingLowestDense(RELATIVE_ACCURACY, MAX_BINS);

  void add(long bytes) {
    sketch.accept(bytes);
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

  /** At least one value must have been added. */
  Distribution distribution() {
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
