/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.schemas.snapshot;

/** Part of the kernel's address space. Order and meaning as in {@code VmallocSnapshot.avsc}. */
public enum Region {
  VMALLOC,
  /** Percpu chunks at the top of the vmalloc window. */
  PERCPU,
  MODULES,
  UNKNOWN;

  /** The window of address space whose gaps this region's areas share: percpu lies in vmalloc's. */
  public Region window() {
    return this == PERCPU ? VMALLOC : this;
  }
}
