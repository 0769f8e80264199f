/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.explain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExplanationTextTest {
  private static final Explanation REAL = Captures.bundled("x86_64_6.18_kptr1_real_rebased.txt");
  private static final Explanation LINUX_5_8 =
      Captures.bundled("x86_64_5.8_ubuntu_vmware_jc_fixture.txt");
  private static final Explanation HASHED = Captures.bundled("x86_64_6.18_kptr0_hashed.txt");
  private static final Explanation ZEROED = Captures.bundled("x86_64_6.18_kptr1_nocapsyslog.txt");

  @Test
  void real_addresses_tell_order_and_holes() {
    assertThat(section(0, summary(REAL)))
        .isEqualTo(
            """
            a host
            Memory used       14.3 MiB  RAM: 3,655 pages of 4 KiB (VmallocUsed in meminfo)
            Address space     18.4 MiB  in 257 areas, whether RAM is behind it or not:
              with memory     15.2 MiB  225 areas: their pages, mostly a guard page each
              devices          1.2 MiB  29 areas: devices and firmware mapped, no RAM
              percpu           2.0 MiB  1 area: reserved; for RAM see Percpu in meminfo
              others' pages   40.0 KiB  2 areas: pages of others, mapped here too
              not purged       9.0 MiB  461 areas: freed, usable after a TLB flush
            Holes             80.2 MiB  638 holes, the largest 13.4 MiB; 94 left by the
                                        alignment of the next area, 33 more of one page, too
                                        small for any area
              untouched       32.0 TiB  above them all, below the percpu chunks
            Addresses             real  order and holes are known; do not publish the file
            """);
  }

  @Test
  void hashed_addresses_tell_which_areas_adjoin_and_nothing_of_holes() {
    assertThat(section(0, summary(HASHED)))
        .isEqualTo(
            """
            a host
            Memory used       14.3 MiB  RAM: 3,655 pages of 4 KiB (VmallocUsed in meminfo)
            Address space     18.4 MiB  in 257 areas, whether RAM is behind it or not:
              with memory     15.2 MiB  225 areas: their pages, mostly a guard page each
              devices          1.2 MiB  29 areas: devices and firmware mapped, no RAM
              percpu           2.0 MiB  1 area: reserved; for RAM see Percpu in meminfo
              others' pages   40.0 KiB  2 areas: pages of others, mapped here too
              not purged       8.9 MiB  457 areas: freed, usable after a TLB flush
            Holes              unknown  but equal hashes join the 714 areas, freed ones too,
                                        to 637 groups without a hole inside
            Addresses           hashed  each address is shown as a hash (kptr_restrict is
                                        0): sizes and callers are right, order and holes
                                        unknown. Real ones: root with CAP_SYSLOG reads them
                                        after "sysctl kernel.kptr_restrict=1"; keep them to
                                        yourself, they undo KASLR.
            """);
  }

  @Test
  void zeroed_addresses_tell_sums_only() {
    assertThat(section(0, summary(ZEROED)))
        .isEqualTo(
            """
            a host
            Memory used       14.3 MiB  RAM: 3,655 pages of 4 KiB (VmallocUsed in meminfo)
            Address space     18.4 MiB  in 257 areas, whether RAM is behind it or not:
              with memory     15.2 MiB  225 areas: their pages, mostly a guard page each
              devices          1.2 MiB  29 areas: devices and firmware mapped, no RAM
              percpu           2.0 MiB  1 area: reserved; for RAM see Percpu in meminfo
              others' pages   40.0 KiB  2 areas: pages of others, mapped here too
              not purged       9.1 MiB  468 areas: freed, usable after a TLB flush
            Addresses           hidden  each address is shown as 0 (kptr_restrict is 2, or 1
                                        and the reader lacks CAP_SYSLOG): sizes and callers
                                        are right, order, holes and neighbours unknown. Real
                                        ones: root with CAP_SYSLOG reads them after "sysctl
                                        kernel.kptr_restrict=1"; keep them to yourself, they
                                        undo KASLR.
            """);
  }

  @Test
  void a_table_says_what_areas_are_for_and_what_growth_means() {
    assertThat(section(1, summary(LINUX_5_8)))
        .isEqualTo(
            """
            PURPOSE                   AREAS    MEMORY     SPACE  HOW MANY
            Kernel modules               92   6.8 MiB   7.2 MiB  1 to 7 per module
              Code and data of loaded modules. Growing: Modules that load and unload in a
              cycle, or many loaded by themselves; compare with lsmod.
            Kernel stacks               377   5.9 MiB   7.4 MiB  one per thread
              The stack that each thread needs inside the kernel. Growing: A thread or
              process leak; compare with the thread count in /proc/loadavg.
            Graphics                      6   5.0 MiB   6.9 MiB  one per buffer or device
              Framebuffers, command buffers and tables of graphics devices. Growing: A
              graphics client that does not release its buffers.
            Compression workspaces        8   1.0 MiB   1.0 MiB  one per compressor in use
              Scratch memory of compressors (squashfs, crypto, zswap). Growing: Squashfs
              mounts piling up, such as snaps, or users that leak.
            Swap                          2 980.0 KiB 988.0 KiB  one or two per swap area
              Usage maps of the swap areas, as large as the swap makes them. Growing: Should
              follow the number of swap areas.
            BPF programs, compiled      232 952.0 KiB   1.8 MiB  one, or 2 MiB for many
            BPF programs                232 928.0 KiB   1.8 MiB  one or two per program
            Percpu memory                10 124.0 KiB  96.1 MiB  one per chunk and node
            Hypervisor channels           3  76.0 KiB  88.0 KiB  one or two per channel
            Terminals                     4  48.0 KiB  64.0 KiB  one per open terminal
            DMA buffers and pools         4  16.0 KiB  32.0 KiB  one per buffer or pool
            Network devices               2  16.0 KiB  24.0 KiB  one or two per queue
            Block devices                 1   4.0 KiB   8.0 KiB  one per table
            PCI devices mapped            4         - 128.1 MiB  a few per device
              Windows onto registers and configuration of PCI devices; no RAM. Growing:
              Drivers or hotplug that bind and unbind without unmapping.
            Firmware regions mapped       8         - 476.0 KiB  a few, made at boot
            Other devices mapped          4         - 160.0 KiB  one per device
            Interrupt stacks              2         -  40.0 KiB  one or two per CPU
            Freed, not yet purged       371         -   7.2 MiB  sawtooth up to a cap
              Freed address space that waits for a TLB flush; no memory. Growing: Not a
              leak: purged at about 32 MiB x (1 + log2 of the CPUs).
            """);
  }

  @Test
  void frequent_callers_say_how_many_and_what_each_stands_for() {
    assertThat(section(2, summary(LINUX_5_8)))
        .isEqualTo(
            """
            Why one caller appears many times
              dup_task_struct: 377 times, each 4 pages and a guard page: per thread
              bpf_jit_alloc_exec: 232 times, 8 KiB to 12 KiB: per JITed BPF program
              bpf_prog_alloc_no_stats: 232 times, each 1 page and a guard page: per BPF
                program (and per sub-program)
              move_module: 92 times, 20 KiB to 1.3 MiB: per module
              xz_dec_lzma2_create: 8 times, each 32 pages and a guard page: per decoder (per
                CPU or per mount for squashfs)
              also 7 pcpu_mem_zalloc, 6 acpi_os_map_iomem, 4 n_tty_open, 4
                gen_pool_add_owner, 3 pcpu_get_vm_areas, 2 vmw_fb_init [vmwgfx], 2
                qp_alloc_queue [vmw_vmci], 2 memremap; --lines says what each is for
            """);
  }

  @Test
  void a_map_is_to_scale_but_for_stretches_that_are_the_same() {
    assertThat(map(REAL))
        .isEqualTo(
            """
            vmalloc, from 0xffffc90000000000: a cell is 128 KiB, a line 8 MiB
                    +0 B  SSSSSSSSSSSSSSSSIIIIIIIIPPPPPPPPPPPPPPPPSSKKKKKKKKKKKKKKKKKKKKKK
                  +8 MiB  KKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKK~~S~~~~~S~~~~~~~~~~~~
                 +16 MiB  ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~.~~~.~~~~~~~.....~~~~.~~~~~
                 +24 MiB  ~~.~~~~~~~~~S.S.~~~~~~~~~~~~~~~~~...............................
                 +32 MiB  ..............................~.~.~~~.~.~~.~..~~.~~~~...........
                 +40 MiB  ...............................................................S
                 +48 MiB  SSSSSS....S.............................~~.~~....~~.............
                 +56 MiB  ...................~~...~......................~~.~..~~~~~.~~.S.
                 +64 MiB  ...~~...........................................................
                 +72 MiB  ..............................................~~......~...~.SS..
                 +80 MiB  ..~~............................................................
                 +88 MiB  ................~~~~~~~~~~~~~~~~~~~~~~~~~~~~S~~~~~~S~~~~~~~~~~~~
                 +96 MiB  ~~~~~~S~.SSS.S........SS...................................SS
              14.4 MiB in use, 9.0 MiB freed and not purged, 80.2 MiB in 638 holes, the
              largest 13.4 MiB

            (32.0 TiB free: other areas come from the bottom, percpu chunks from the top)

            percpu chunks, from 0xffffe8ffffc00000: a cell is 128 KiB, a line 8 MiB
                    +0 B  PPPPPPPPPPPPPPPP
              2.0 MiB in use

            (23.0 TiB that are not vmalloc's)

            modules, from 0xffffffffc0000000: a cell is 4 KiB, a line 256 KiB
                    +0 B  JJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJ
                +256 KiB  ... 1.8 MiB: BPF programs, compiled (J) ...
                  +2 MiB  Jtt
              2.0 MiB in use

            K BPF maps                P Percpu memory           J BPF programs, compiled
            S Kernel stacks           t Tracing                 I PCI devices mapped
            ~ Freed, not yet purged
            A letter is what takes most of the space used in its cell, however little that
            is; only a dot is empty. Stretches that are the same over whole lines are drawn
            as one.
            """);
  }

  @Test
  void an_unknown_caller_says_unknown_with_its_module_as_a_hint() {
    Explanation explanation =
        Captures.explain(
            """
            0xffffc90000000000-0xffffc90000005000   20480 frobnicate+0x94/0x3e0 [wl] pages=4 vmalloc N0=4
            0xffffc90000005000-0xffffc90000007000    8192 0xffffffffc088c0d3 pages=1 vmalloc N0=1
            """);
    var text = new ExplanationText(explanation, 80, Ink.NONE);

    assertThat(text.summary("a host"))
        .contains("Unknown                       1  16.0 KiB  20.0 KiB  unknown\n")
        .contains("Not in our table: frobnicate [wl]. A module's name is the hint.");
    assertThat(text.lines())
        .isEqualTo(
            """
              LINE  START                    SIZE     MEMORY  CALLER: PURPOSE
                 1  0xffffc90000000000     20 KiB     16 KiB  frobnicate [wl]: Unknown
                 2  0xffffc90000005000      8 KiB      4 KiB  0xffffffffc088c0d3: Code no
                                                              longer known

            What the callers are for
              frobnicate [wl]: unknown; it belongs to the module wl, which "modinfo wl"
                describes.
              unresolved: Caller whose code is gone or unknown: freed module init text,
                unloaded module, kernel without symbols, or a signed arm64 return address.
                Number: as its owner, which is hidden. Growing: Cannot be attributed by
                name; group by module load events and never by the raw number across
                reboots.
            """);
  }

  @Test
  void lines_of_a_file_that_hides_addresses_show_none() {
    String lines = new ExplanationText(ZEROED, 80, Ink.NONE).lines();

    assertThat(lines).startsWith("  LINE       SIZE     MEMORY  CALLER: PURPOSE\n");
    assertThat(lines).doesNotContain("0x0000");
  }

  @Test
  void lines_that_could_not_be_read_are_counted_and_harmless() {
    Explanation explanation =
        Captures.explain(
            "0xffffc90000000000-0xffffc90000005000   20480 a+0x1/0x2 pages=4 vmalloc\n"
                + "\u001b[31mred alert\n");

    assertThat(new ExplanationText(explanation, 80, Ink.NONE).summary("a host"))
        .contains(
            """
            1 of 2 lines could not be understood and is left out:
              line 2: "?[31mred" is not an address range such as
                      0xffffc90000000000-0xffffc90000004000
            """);
  }

  @Test
  void nothing_is_wider_than_the_terminal() {
    for (int width : new int[] {80, 100, 132}) {
      var text = new ExplanationText(LINUX_5_8, width, Ink.NONE);

      assertThat((text.summary("a host") + text.lines()).lines())
          .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(width));
      assertThat(text.map().lines())
          .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(width));
    }
  }

  @Test
  void the_summary_of_a_desktop_fits_two_screens() {
    assertThat(summary(LINUX_5_8).lines()).hasSizeLessThanOrEqualTo(62);
  }

  @Test
  void colours_add_nothing_but_escape_sequences() {
    String coloured = new ExplanationText(REAL, 80, Ink.ANSI).map();

    assertThat(coloured).contains("\u001b[");
    assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(map(REAL));
  }

  private static String summary(Explanation explanation) {
    return new ExplanationText(explanation, 80, Ink.NONE).summary("a host");
  }

  private static String map(Explanation explanation) {
    return new ExplanationText(explanation, 80, Ink.NONE).map();
  }

  /** Sections are parted by empty lines. */
  private static String section(int number, String text) {
    return text.split("\n\n")[number] + "\n";
  }
}
