/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.schemas.snapshot;

/** Bits of an area's {@code flags}, one per word the kernel prints. */
public final class AreaFlags {
  public static final int IOREMAP = 1;
  public static final int SPARSE = 1 << 1;
  public static final int VMALLOC = 1 << 2;
  public static final int VMAP = 1 << 3;
  public static final int USER = 1 << 4;
  public static final int DMA_COHERENT = 1 << 5;
  public static final int VPAGES = 1 << 6;
  public static final int VM_MAP_RAM = 1 << 7;
  public static final int UNPURGED = 1 << 8;

  /** Linear-map RAM listed by Qualcomm kernels: no allocation at all. */
  public static final int LOWMEM = 1 << 9;

  private AreaFlags() {}
}
