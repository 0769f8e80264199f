/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.host;

import io.vmallocfleet.agent.vmallocinfo.AreaFlag;
import io.vmallocfleet.schemas.snapshot.Region;
import java.util.Locale;

/** Where an area is put, and what the kernel prints with it. */
enum Placement {
  VMALLOC(Region.VMALLOC, AreaFlag.VMALLOC, true),
  MODULE(Region.MODULES, AreaFlag.VMALLOC, true),
  /** From the top of the window downwards, without guard page and without {@code pages=}. */
  PERCPU(Region.PERCPU, AreaFlag.VMALLOC, false),
  IOREMAP(Region.VMALLOC, AreaFlag.IOREMAP, false),
  VMAP(Region.VMALLOC, AreaFlag.VMAP, false);

  final Region region;
  final int flags;
  final boolean owner;

  Placement(Region region, AreaFlag flag, boolean owner) {
    this.region = region;
    this.flags = flag.bit();
    this.owner = owner;
  }

  static Placement of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** Base pages the area owns, as printed. */
  int printedPages(int pages) {
    return owner ? pages : 0;
  }

  /** Pages of address space: what was asked for, and a guard page but for percpu chunks. */
  int spanPages(int pages) {
    return this == PERCPU ? pages : pages + 1;
  }
}
