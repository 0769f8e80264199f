/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

/**
 * What an area is for: the one flag that says most, since the kernel prints several on a row
 * ({@code vmalloc user vpages}). Where two apply, the more particular one wins, in the order below.
 */
public enum AreaKind {
  /** Freed address space waiting for the lazy flush: holds no memory and is not a leak. */
  UNPURGED,
  /** Pages mapped by vm_map_ram(), owned by somebody else. */
  VM_MAP_RAM,
  /** Linear-map RAM that a vendor kernel lists here. */
  LOWMEM,
  /** Device registers or other physical ranges: address space only. */
  IOREMAP,
  /** Reserved range filled page by page. */
  SPARSE,
  /** Coherent DMA buffer. */
  DMA_COHERENT,
  /**
   * A chunk of the percpu allocator. The kernel has no word for it: {@code vmalloc} without pages,
   * called from {@code pcpu_get_vm_areas}, which is the only way percpu chunks come about.
   */
  PERCPU,
  /** Memory of the vmalloc family, modules, stacks and BPF programs included. */
  VMALLOC,
  /** Pages mapped by vmap(). */
  VMAP,
  /** {@code user} and nothing else: DMA memory of ARM kernels before 5.4. */
  USER,
  /** No flag known to us: the kernel sets none for {@code text_area_cpu_up}, for example. */
  UNKNOWN;

  private static final String PERCPU_FUNCTION = "pcpu_get_vm_areas";

  /** Kind of an area with these flag bits, {@link AreaFlag#bit}, pages and caller. */
  public static AreaKind of(int flags, long pages, Caller caller) {
    if (has(flags, AreaFlag.UNPURGED)) {
      return UNPURGED;
    }
    if (has(flags, AreaFlag.VM_MAP_RAM)) {
      return VM_MAP_RAM;
    }
    if (has(flags, AreaFlag.LOWMEM)) {
      return LOWMEM;
    }
    if (has(flags, AreaFlag.IOREMAP)) {
      return IOREMAP;
    }
    if (has(flags, AreaFlag.SPARSE)) {
      return SPARSE;
    }
    if (has(flags, AreaFlag.DMA_COHERENT)) {
      return DMA_COHERENT;
    }
    if (has(flags, AreaFlag.VMALLOC)) {
      return pages == 0 && caller.function().equals(PERCPU_FUNCTION) ? PERCPU : VMALLOC;
    }
    if (has(flags, AreaFlag.VMAP)) {
      return VMAP;
    }
    return has(flags, AreaFlag.USER) ? USER : UNKNOWN;
  }

  private static boolean has(int flags, AreaFlag flag) {
    return (flags & flag.bit()) != 0;
  }
}
