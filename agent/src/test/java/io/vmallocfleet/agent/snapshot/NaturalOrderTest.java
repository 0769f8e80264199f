/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class NaturalOrderTest {
  private final NaturalOrder order = new NaturalOrder();

  @Property
  void sorts_rows_by_unsigned_key_and_leaves_equal_ones_in_file_order(@ForAll long[] keys) {
    int[] expected =
        IntStream.range(0, keys.length)
            .boxed()
            .sorted(
                Comparator.comparing((Integer row) -> keys[row], Long::compareUnsigned)
                    .thenComparing(row -> row))
            .mapToInt(row -> row)
            .toArray();

    int[] sorted = order.sort(keys.length, keys);

    assertThat(Arrays.copyOf(sorted, keys.length)).isEqualTo(expected);
  }
}
