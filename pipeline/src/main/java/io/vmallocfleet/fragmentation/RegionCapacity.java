/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.fragmentation;

/**
 * How much address space a region of the kernel has on an architecture, where the kernel does not
 * say so itself: {@code VmallocTotal} of /proc/meminfo covers the vmalloc window only.
 */
public final class RegionCapacity {
  /** Nothing is known. */
  public static final long UNKNOWN = -1;

  private static final long MIB = 1 << 20;

  private RegionCapacity() {}

  /**
   * Bytes of the module window, {@link #UNKNOWN} for architectures not listed: x86_64 MODULES_VADDR
   * to MODULES_END with CONFIG_RANDOMIZE_BASE, less 16 MiB of fixmap
   * (arch/x86/include/asm/pgtable_64_types.h); arm64 MODULES_VSIZE, 2 GiB since 6.5 and 128 MiB
   * before (arch/arm64/include/asm/memory.h), of which the smaller makes false alarms and the
   * larger is taken; arm 14 MiB, with CONFIG_ARM_MODULE_PLTS more goes to vmalloc
   * (arch/arm/include/asm/memory.h); ppc32 from 256 MiB below PAGE_OFFSET
   * (arch/powerpc/include/asm/book3s/32/pgtable.h).
   *
   * @param architecture as {@code uname -m} has it
   */
  public static long modules(String architecture) {
    return switch (architecture) {
      case "x86_64" -> 1008 * MIB;
      case "aarch64" -> 2048 * MIB;
      case "ppc" -> 256 * MIB;
      default -> architecture.startsWith("armv") ? 14 * MIB : UNKNOWN;
    };
  }

  /**
   * Whether the kernel's address space is so small that what lies between areas is all there is.
   */
  public static boolean isSmall(String architecture) {
    return switch (architecture) {
      case "ppc", "i386", "i486", "i586", "i686", "mips", "riscv32" -> true;
      default -> architecture.startsWith("armv");
    };
  }
}
