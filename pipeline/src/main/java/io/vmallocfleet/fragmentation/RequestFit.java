/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.fragmentation;

/**
 * Whether a request still fits into a window of address space, and if not, whether because the free
 * space is broken into pieces.
 *
 * @param requestBytes address space the request takes, guard page included
 * @param freeBytes free between the areas and beyond them
 * @param largestBytes largest piece of it
 * @param holes pieces between the areas
 */
public record RequestFit(long requestBytes, long freeBytes, long largestBytes, long holes) {

  /**
   * @param capacityBytes of the window, {@link RegionCapacity#UNKNOWN} where nobody knows: then
   *     nothing is taken to lie beyond the areas
   */
  public static RequestFit of(
      long requestBytes, AddressSpaceShape.Holes holes, long capacityBytes) {
    long beyond = Math.max(0, capacityBytes - holes.spanBytes());
    return new RequestFit(
        requestBytes,
        holes.bytes() + beyond,
        Math.max(holes.largestBytes(), beyond),
        holes.count());
  }

  /** Whether the request would fail though there is enough: in pieces too small. */
  public boolean failsForFragmentation() {
    return requestBytes > largestBytes && requestBytes <= freeBytes;
  }
}
