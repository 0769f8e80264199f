/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.explain;

import io.vmallocfleet.callers.CallerMeaning;

/**
 * The areas of one caller.
 *
 * @param areas how many, from 1
 * @param pages base pages of memory they own, in all
 * @param bytes of address space they take, in all
 * @param smallest bytes of address space of the smallest
 * @param largest bytes of address space of the largest
 */
public record CallerUse(
    CallerMeaning meaning, int areas, long pages, long bytes, long smallest, long largest) {

  /** As the kernel would print it, without offset: {@code vmw_fb_init [vmwgfx]}. */
  public String name() {
    return meaning.module().isEmpty()
        ? meaning.function()
        : meaning.function() + " [" + meaning.module() + "]";
  }

  CallerUse plus(long morePages, long size) {
    return new CallerUse(
        meaning,
        areas + 1,
        pages + morePages,
        bytes + size,
        Math.min(smallest, size),
        Math.max(largest, size));
  }
}
