/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** An order of rows by a number, of which a part is wanted. */
final class Ranking {
  private Ranking() {}

  /**
   * The rows from a place on, smallest number first, in their own order where numbers are equal.
   * Only the numbers are all sorted, as primitives; of the rows those that may be in the part.
   *
   * @param number of a row, not NaN
   * @return at most {@code limit} rows; none beyond the last
   */
  static <T> List<T> part(List<T> rows, ToDoubleFunction<T> number, int offset, int limit) {
    // Adding 0 makes one zero of the two.
    double[] numbers = rows.stream().mapToDouble(row -> number.applyAsDouble(row) + 0.0).toArray();
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    int end = (int) Math.min(sorted.length, (long) offset + limit);
    if (offset >= end) {
      return List.of();
    }
    double first = sorted[offset];
    double last = sorted[end - 1];
    long before = Arrays.stream(numbers).filter(value -> value < first).count();
    return IntStream.range(0, numbers.length)
        .filter(i -> numbers[i] >= first && numbers[i] <= last)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> numbers[i]))
        .skip(offset - before)
        .limit(end - offset)
        .map(rows::get)
        .toList();
  }
}
