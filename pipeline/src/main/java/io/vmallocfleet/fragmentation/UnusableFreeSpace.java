/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.fragmentation;

/**
 * Unusable free space index for one request size: the share of the free bytes that lie in holes too
 * small for the request.
 *
 * <p>{@code Fu(j) = (TotalFree - sum of the free blocks of size j or more) / TotalFree}: Gorman and
 * Whitcroft, "The What, The Why and the Where To of Anti-Fragmentation", Ottawa Linux Symposium
 * 2006. They count free blocks of 2^i pages; a hole in the vmalloc space has any size, so a hole
 * counts whole once the request fits into it.
 *
 * @param requestBytes address space the request takes, guard page included, from 1
 * @param index 0 (every hole fits it) to 1 (none does)
 */
public record UnusableFreeSpace(long requestBytes, double index) {

  public UnusableFreeSpace {
    if (requestBytes < 1) {
      throw new IllegalArgumentException(
          "request of " + requestBytes + " bytes: expected at least 1");
    }
    if (!(index >= 0 && index <= 1)) {
      throw new IllegalArgumentException("index is " + index + ": expected 0 to 1");
    }
  }
}
