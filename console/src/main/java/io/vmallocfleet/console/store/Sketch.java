/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import com.datadoghq.sketch.ddsketch.encoding.ByteArrayInput;
import com.datadoghq.sketch.ddsketch.store.CollapsingLowestDenseStore;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Quantiles of bytes per host over several cohorts, merged from the sketches windows carry. */
final class Sketch {
  private static final int MAX_BINS = 2048;
  private static final double[] RANKS = {0.5, 0.9, 0.99};

  private final DDSketch sketch = DDSketches.logarithmicCollapsingLowestDense(0.01, MAX_BINS);

  /** False if the bytes are no sketch of ours; then nothing was added. */
  boolean add(ByteBuffer encoded) {
    byte[] bytes = new byte[encoded.remaining()];
    encoded.duplicate().get(bytes);
    try {
      sketch.mergeWith(
          DDSketch.decode(
              ByteArrayInput.wrap(bytes), () -> new CollapsingLowestDenseStore(MAX_BINS)));
      return true;
    } catch (IOException | RuntimeException e) {
      return false; // from a topic: counted by the caller, never fatal
    }
  }

  /** Median, 90th and 99th percentile; at least one sketch with a value must have been added. */
  double[] quantiles() {
    return sketch.isEmpty() ? new double[] {0, 0, 0} : sketch.getValuesAtQuantiles(RANKS);
  }
}
