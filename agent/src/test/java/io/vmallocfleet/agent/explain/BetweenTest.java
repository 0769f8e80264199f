/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.vmallocfleet.agent.explain.Between.Verdict;
import io.vmallocfleet.agent.explain.Reason.Cause;
import org.junit.jupiter.api.Test;

class BetweenTest {
  private static final Explanation REAL = Captures.bundled("x86_64_6.18_kptr1_real_rebased.txt");
  private static final Explanation LINUX_5_8 =
      Captures.bundled("x86_64_5.8_ubuntu_vmware_jc_fixture.txt");

  @Test
  void two_areas_that_adjoin_have_no_hole_for_the_guard_page_is_inside() {
    assertThat(between(REAL, "ffffc90000024000", "ffffc90000029000"))
        .isEqualTo(
            """
            lower  0xffffc90000024000-0xffffc90000029000 20 KiB (20480 bytes), line 6,
                   kernel_clone: Kernel stacks
            upper  0xffffc90000029000-0xffffc9000002b000 8 KiB (8192 bytes), line 7,
                   vp_modern_map_capability: PCI devices mapped

            No hole: the upper area begins where the lower one ends.
            - Guard pages make no holes: the one of the lower area is the last page of its
              20480 bytes (4 pages of memory and 1 guard page).
            """);
  }

  @Test
  void a_hole_of_12_kib_is_left_by_the_alignment_of_a_stack() {
    assertThat(between(LINUX_5_8, "ffffb3c1c0084000", "ffffb3c1c008c000"))
        .isEqualTo(
            """
            lower  0xffffb3c1c0084000-0xffffb3c1c0089000 20 KiB (20480 bytes), line 26,
                   dup_task_struct: Kernel stacks
            upper  0xffffb3c1c008c000-0xffffb3c1c0091000 20 KiB (20480 bytes), line 27,
                   dup_task_struct: Kernel stacks

            A hole of 12 KiB (12288 bytes).
            - Guard pages make no holes: the one of the lower area is the last page of its
              20480 bytes (4 pages of memory and 1 guard page).
            - The upper area is aligned. It is a kernel stack, and those start at a multiple
              of 16 KiB, as all 377 here do. The first such address from the end of the
              lower area on is where it starts: that alone is enough for this hole.
            """);
  }

  @Test
  void the_hole_below_a_percpu_chunk_is_the_middle_of_the_window() {
    assertThat(between(REAL, "ffffc90006799000", "ffffe8ffffc00000"))
        .isEqualTo(
            """
            lower  0xffffc90006794000-0xffffc90006799000 20 KiB (20480 bytes), line 257,
                   kernel_clone: Kernel stacks
            upper  0xffffe8ffffc00000-0xffffe8ffffe00000 2 MiB (2097152 bytes), line 140,
                   pcpu_get_vm_areas: Percpu memory

            A hole of 32 TiB (35184259264512 bytes).
            - Guard pages make no holes: the one of the lower area is the last page of its
              20480 bytes (4 pages of memory and 1 guard page).
            - The upper area is a percpu chunk. Those are taken from the top of the vmalloc
              window downwards, because the areas of a chunk must keep fixed distances; all
              others are taken from the bottom upwards. The hole is the middle of the
              window, which neither side has reached: free space, not a loss.
            """);
  }

  @Test
  void areas_freed_and_not_purged_are_part_of_a_hole() {
    assertThat(between(REAL, "ffffc90006144000", "ffffc9000615c000"))
        .isEqualTo(
            """
            lower  0xffffc90006144000-0xffffc90006149000 20 KiB (20480 bytes), line 135,
                   kernel_clone: Kernel stacks
            upper  0xffffc9000615c000-0xffffc90006161000 20 KiB (20480 bytes), line 255,
                   kernel_clone: Kernel stacks

            A hole of 76 KiB (77824 bytes).
            - Guard pages make no holes: the one of the lower area is the last page of its
              20480 bytes (4 pages of memory and 1 guard page).
            - 20 KiB of it is an area freed but not yet purged (line 565): no memory, and
              not usable again before the kernel flushes the TLBs for many such areas at
              once.
            - The upper area is aligned. It is a kernel stack, and those start at a multiple
              of 16 KiB, as all 117 here do. The first such address from the end of the
              lower area on is 0xffffc9000614c000, which accounts for 12 KiB; the area
              starts 64 KiB further up.
            - The other 44 KiB are free. What lay there was freed and purged, or nothing
              ever did: the file keeps no record of it. The next area that fits may be
              placed there. For an area like the upper one the kernel looks for room for its
              size and its alignment, 36 KiB (since 5.2), and passes over a smaller hole
              that would do.
            - This kernel keeps freed ranges of up to 256 pages in pools for reuse, one pool
              a vmap node, and lists them nowhere. What is in a pool looks free here, but
              only an area of the same size gets it before the pools are emptied.
            """);
  }

  @Test
  void an_ioremap_starts_at_a_multiple_of_its_size() {
    assertThat(between(LINUX_5_8, "ffffb3c1c4681000", "ffffb3c1c8000000"))
        .isEqualTo(
            """
            lower  0xffffb3c1c467c000-0xffffb3c1c4681000 20 KiB (20480 bytes), line 663,
                   dup_task_struct: Kernel stacks
            upper  0xffffb3c1c8000000-0xffffb3c1d0001000 128 MiB (134221824 bytes), line
                   664, pci_mmcfg_arch_map: PCI devices mapped

            A hole of 57.5 MiB (60289024 bytes).
            - Guard pages make no holes: the one of the lower area is the last page of its
              20480 bytes (4 pages of memory and 1 guard page).
            - The upper area is aligned. It is an ioremap() of 128 MiB, and those start at a
              multiple of that, rounded up to a power of two (128 MiB), so that large pages
              can map them. The first such address from the end of the lower area on is
              where it starts: that alone is enough for this hole.
            """);
  }

  @Test
  void a_hole_between_windows_is_not_vmallocs() {
    assertThat(between(REAL, "ffffe8ffffc00000", "ffffffffc0000000"))
        .isEqualTo(
            """
            lower  0xffffe8ffffc00000-0xffffe8ffffe00000 2 MiB (2097152 bytes), line 140,
                   pcpu_get_vm_areas: Percpu memory
            upper  0xffffffffc0000000-0xffffffffc0201000 2 MiB (2101248 bytes), line 141,
                   bpf_prog_pack_alloc: BPF programs, compiled

            23 TiB (25287695794176 bytes) apart, in different windows.
            - The two lie in different windows of the kernel's address space: modules have
              one, all else another. What is between them does not belong to vmalloc, so it
              is no hole that an area could fill. Where the windows begin is fixed by the
              architecture, or drawn at each boot (KASLR), which moves a window as a whole.
            """);
  }

  @Test
  void areas_with_others_in_between_are_not_neighbours() {
    assertThat(between(REAL, "ffffc90000128000", "ffffc90000140000"))
        .isEqualTo(
            """
            lower  0xffffc90000128000-0xffffc9000012d000 20 KiB (20480 bytes), line 38,
                   kernel_clone: Kernel stacks
            upper  0xffffc90000140000-0xffffc90000145000 20 KiB (20480 bytes), line 39,
                   kernel_clone: Kernel stacks

            76 KiB (77824 bytes) apart, but not neighbours: 2 areas in use (40.0 KiB) in
            between.
            - Free in between: 36 KiB in 3 holes. Freed and not yet purged: 0 B in 0 areas.
            - The largest holes; ask for one with --between:
                  12.0 KiB 0xffffc9000012d000 0xffffc90000130000
                  12.0 KiB 0xffffc90000135000 0xffffc90000138000
                  12.0 KiB 0xffffc9000013d000 0xffffc90000140000
            """);
  }

  @Test
  void what_freed_areas_and_alignment_account_for_is_not_counted_twice() {
    Between between = Between.of(REAL, 0xffffc90006144000L, 0xffffc9000615c000L);

    // 149000 to 14c000 for the alignment, 14c000 to 151000 not purged, 151000 to 15c000 the rest.
    assertThat(between.reasons())
        .extracting(Reason::cause, Reason::bytes)
        .containsExactly(
            tuple(Cause.NOT_THE_GUARD_PAGE, 0L),
            tuple(Cause.UNPURGED, 20_480L),
            tuple(Cause.ALIGNMENT, 12_288L),
            tuple(Cause.FREE, 45_056L),
            tuple(Cause.NODE_POOLS, -1L));
    assertThat(between.bytes()).isEqualTo(20_480 + 12_288 + 45_056);
  }

  @Test
  void the_order_of_the_addresses_does_not_matter() {
    assertThat(Between.of(REAL, 0xffffe8ffffc00000L, 0xffffc90006799000L))
        .isEqualTo(Between.of(REAL, 0xffffc90006799000L, 0xffffe8ffffc00000L));
  }

  @Test
  void one_address_twice_is_an_area_or_the_border_of_two() {
    assertThat(Between.of(REAL, 0xffffc90000000000L, 0xffffc90000000000L).verdict())
        .isEqualTo(Verdict.SAME_AREA);
    assertThat(Between.of(REAL, 0xffffc90000005000L, 0xffffc90000005000L).verdict())
        .isEqualTo(Verdict.ADJACENT);
  }

  @Test
  void addresses_beyond_all_areas_have_nothing_between_them() {
    Between between = Between.of(REAL, 0x1000, 0x2000);

    assertThat(between.verdict()).isEqualTo(Verdict.NO_AREA);
    assertThat(between.lower()).isEmpty();
    assertThat(between.notes())
        .containsExactly(
            "0x00001000 is in no area that could be read; the area below it is taken instead.",
            "0x00002000 is in no area that could be read; the area above it is taken instead.");
  }

  @Test
  void a_line_that_names_the_address_but_could_not_be_read_is_named() {
    // As the question this project began with was published: end and size run together.
    Explanation explanation =
        Captures.explain(
            """
            0xffffc90000747000-0xffffc9000074b000   16384 n_tty_open+0x19/0xe0 pages=3 vmalloc N0=3
            0xffffc90004000000-0xffffc9000500100016781312 pci_iomap_range+0x66/0x80 phys=e0000000 ioremap
            0xffffe8ffffc00000-0xffffe8ffffe00000 2097152 pcpu_get_vm_areas+0x0/0x570 vmalloc
            """);

    Between between = Between.of(explanation, 0xffffc90004000000L, 0xffffe8ffffc00000L);

    assertThat(between.notes().get(0))
        .startsWith("0xffffc90004000000 is in no area that could be read")
        .contains("Line 2 names it but could not be understood")
        .contains("have the end and the size run together?");
  }

  @Test
  void the_hole_in_front_of_a_large_device_is_more_than_its_alignment() {
    Explanation explanation =
        Captures.explain(
            """
            0xffffc90000747000-0xffffc9000074b000   16384 n_tty_open+0x19/0xe0 pages=3 vmalloc N0=3
            0xffffc90004000000-0xffffc90005001000 16781312 pci_iomap_range+0x66/0x80 phys=e0000000 ioremap
            """);

    Between between = Between.of(explanation, 0xffffc9000074b000L, 0xffffc90004000000L);

    // The next multiple of 16 MiB is ffffc90001000000; three more would have been free.
    assertThat(between.reasons())
        .extracting(Reason::cause, Reason::bytes)
        .contains(tuple(Cause.ALIGNMENT, 0x1000000L - 0x74b000L), tuple(Cause.FREE, 0x3000000L));
  }

  @Test
  void hidden_addresses_are_refused() {
    Explanation zeroed = Captures.bundled("x86_64_6.18_kptr1_nocapsyslog.txt");

    assertThatThrownBy(() -> Between.of(zeroed, 1, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("addresses are ZEROED: expected REAL");
  }

  private static String between(Explanation explanation, String one, String other) {
    return new ExplanationText(explanation, 80, Ink.NONE)
        .between(
            Between.of(
                explanation, Long.parseUnsignedLong(one, 16), Long.parseUnsignedLong(other, 16)));
  }
}
