/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.rows;

import static io.vmallocfleet.schemas.snapshot.AreaFlags.DMA_COHERENT;
import static io.vmallocfleet.schemas.snapshot.AreaFlags.IOREMAP;
import static io.vmallocfleet.schemas.snapshot.AreaFlags.LOWMEM;
import static io.vmallocfleet.schemas.snapshot.AreaFlags.SPARSE;
import static io.vmallocfleet.schemas.snapshot.AreaFlags.UNPURGED;
import static io.vmallocfleet.schemas.snapshot.AreaFlags.USER;
import static io.vmallocfleet.schemas.snapshot.AreaFlags.VMALLOC;
import static io.vmallocfleet.schemas.snapshot.AreaFlags.VMAP;
import static io.vmallocfleet.schemas.snapshot.AreaFlags.VM_MAP_RAM;

import org.apache.flink.table.data.StringData;

/** What an area is, by the first flag that says so. */
enum AreaKind {
  UNPURGED_AREA("unpurged", UNPURGED),
  RAM_MAP("vm_map_ram", VM_MAP_RAM),
  LINEAR("lowmem", LOWMEM),
  DEVICE("ioremap", IOREMAP),
  SPARSE_AREA("sparse", SPARSE),
  DMA("dma-coherent", DMA_COHERENT),
  MEMORY("vmalloc", VMALLOC),
  MAPPED_PAGES("vmap", VMAP),
  USER_AREA("user", USER),
  UNKNOWN("unknown", 0),
  /** Chunks of the percpu allocator: vmalloc without pages, from this function only. */
  PERCPU("percpu", 0);

  static final String COMMENT =
      "vmalloc, vmap, ioremap, vm_map_ram, percpu, dma-coherent, sparse, user, lowmem, unpurged"
          + " (freed, not memory and not a leak), unknown.";

  private static final String PERCPU_FUNCTION = "pcpu_get_vm_areas";

  private final StringData word;
  private final int flag;

  AreaKind(String word, int flag) {
    this.word = StringData.fromString(word);
    this.flag = flag;
  }

  StringData word() {
    return word;
  }

  static AreaKind of(int flags, long pages, String function) {
    for (AreaKind kind : values()) {
      if ((flags & kind.flag) != 0) {
        return kind == MEMORY && pages == 0 && function.equals(PERCPU_FUNCTION) ? PERCPU : kind;
      }
    }
    return UNKNOWN;
  }
}
