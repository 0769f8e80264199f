/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What each caller holds on one host. Parallel arrays, one entry a caller, because a hundred of
 * them travel with every snapshot; never changed once built.
 *
 * @param callers each once, as {@link CallerName} writes them
 * @param areas areas, unpurged ones not counted
 * @param bytes memory: pages times page size
 * @param mappedBytes address space, guard pages included
 * @param changes areas that came and areas that went since the agent's snapshot before; 0 where the
 *     address mode gives areas no identity
 */
public record CallerTable(
    String[] callers, long[] areas, long[] bytes, long[] mappedBytes, int[] changes) {
  public int size() {
    return callers.length;
  }

  /** Indices of the {@code count} callers that hold most, by memory, then by address space. */
  List<Integer> largest(int count) {
    return IntStream.range(0, callers.length)
        .boxed()
        .sorted(
            Comparator.<Integer>comparingLong(i -> bytes[i])
                .thenComparingLong(i -> mappedBytes[i])
                .reversed()
                .thenComparing(i -> callers[i]))
        .limit(count)
        .toList();
  }
}
