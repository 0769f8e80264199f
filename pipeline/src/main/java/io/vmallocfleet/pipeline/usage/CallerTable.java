/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

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
  int[] largest(int count) {
    int[] first = new int[Math.min(count, callers.length)];
    int found = 0;
    for (int i = 0; i < callers.length; i++) {
      if (found < first.length || found > 0 && isBefore(i, first[found - 1])) {
        int at = found < first.length ? found++ : found - 1;
        for (; at > 0 && isBefore(i, first[at - 1]); at--) {
          first[at] = first[at - 1];
        }
        first[at] = i;
      }
    }
    return first;
  }

  private boolean isBefore(int a, int b) {
    if (bytes[a] != bytes[b]) {
      return bytes[a] > bytes[b];
    }
    return mappedBytes[a] != mappedBytes[b]
        ? mappedBytes[a] > mappedBytes[b]
        : callers[a].compareTo(callers[b]) < 0;
  }
}
