/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.explain;

import io.vmallocfleet.agent.vmallocinfo.AreaKind;

/** What address space is taken for, by whether there is memory behind it. */
public enum Share {
  /** The area owns the pages behind it; the last page of nearly every one is an empty guard. */
  MEMORY,
  /** Registers and firmware: no RAM is used. */
  DEVICES,
  /** Reserved by the percpu allocator and filled as needed; the file does not say how far. */
  PERCPU,
  /** Pages that belong to somebody else, mapped here as well. */
  OTHERS_PAGES,
  /** Linear-map RAM that a vendor kernel lists: no allocation. */
  LOWMEM,
  /** Freed, and not usable again before the next purge. */
  UNPURGED;

  static Share of(AreaKind kind, long pages) {
    return switch (kind) {
      case UNPURGED -> UNPURGED;
      case LOWMEM -> LOWMEM;
      case PERCPU -> PERCPU;
      case VMALLOC, SPARSE -> MEMORY;
      case IOREMAP -> pages > 0 ? MEMORY : DEVICES;
      case VM_MAP_RAM, VMAP, USER, DMA_COHERENT, UNKNOWN -> pages > 0 ? MEMORY : OTHERS_PAGES;
    };
  }
}
