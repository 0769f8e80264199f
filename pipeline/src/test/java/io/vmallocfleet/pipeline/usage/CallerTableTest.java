/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CallerTableTest {
  @Test
  void ranks_as_sorting_all_would() {
    var random = new Random(1);
    for (int round = 0; round < 200; round++) {
      int size = random.nextInt(40);
      var table =
          new CallerTable(
              IntStream.range(0, size).mapToObj(i -> "caller_" + i).toArray(String[]::new),
              new long[size],
              random.longs(size, 0, 5).toArray(),
              random.longs(size, 0, 3).toArray(),
              new int[size]);
      int count = random.nextInt(25);

      int[] sorted =
          IntStream.range(0, size)
              .boxed()
              .sorted(
                  Comparator.<Integer>comparingLong(i -> table.bytes()[i])
                      .thenComparingLong(i -> table.mappedBytes()[i])
                      .reversed()
                      .thenComparing(i -> table.callers()[i]))
              .limit(count)
              .mapToInt(i -> i)
              .toArray();

      assertThat(table.largest(count)).containsExactly(sorted);
    }
  }
}
