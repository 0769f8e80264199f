/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * A word the kernel prints for a property of an area, in the order it prints them. The bits are a
 * promise: they are what events carry.
 */
public enum AreaFlag {
  /** A device or physical mapping. */
  IOREMAP(1, "ioremap"),
  /** A reserved range filled page by page, such as a BPF arena (6.9 and later). */
  SPARSE(2, "sparse"),
  /** The vmalloc family; percpu chunks too. */
  VMALLOC(4, "vmalloc"),
  /** vmap() of pages that exist already. */
  VMAP(8, "vmap"),
  /** May be mapped to user space. */
  USER(16, "user"),
  /** A coherent DMA mapping (5.4 and later). */
  DMA_COHERENT(32, "dma-coherent"),
  /** The array of page pointers is itself in vmalloc space: a large area. */
  VPAGES(64, "vpages"),
  /** vm_map_ram(): the whole rest of its row, the kernel records no caller (4.13 and later). */
  VM_MAP_RAM(128, "vm_map_ram"),
  /** Freed and waiting for the lazy TLB flush: the whole rest of its row, not memory. */
  UNPURGED(256, "unpurged vm_area"),
  /** Linear-map RAM on Qualcomm and Android ARM kernels; never upstream. */
  LOWMEM(512, "lowmem");

  private final int bit;
  private final String word;

  AreaFlag(int bit, String word) {
    this.bit = bit;
    this.word = word;
  }

  public int bit() {
    return bit;
  }

  /** As printed. */
  public String word() {
    return word;
  }

  /** The flags whose bits are set, in printed order. */
  public static Set<AreaFlag> of(int bits) {
    EnumSet<AreaFlag> flags = EnumSet.noneOf(AreaFlag.class);
    for (AreaFlag flag : values()) {
      if ((bits & flag.bit) != 0) {
        flags.add(flag);
      }
    }
    return Collections.unmodifiableSet(flags);
  }

  /** The bits of a set of flags. */
  public static int bits(Set<AreaFlag> flags) {
    int bits = 0;
    for (AreaFlag flag : flags) {
      bits |= flag.bit;
    }
    return bits;
  }
}
