/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.explain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExplanationTest {
  private static final Explanation REAL = Captures.bundled("x86_64_6.18_kptr1_real_rebased.txt");

  @Test
  void memory_is_the_pages_that_areas_own() {
    // 14620 kB: what VmallocUsed of /proc/meminfo said when the capture was taken.
    assertThat(REAL.pages()).isEqualTo(3655);
    assertThat(REAL.memoryBytes()).isEqualTo(14_620 * 1024);
  }

  @Test
  void purposes_add_up_to_all_rows() {
    assertThat(REAL.purposes().stream().mapToInt(Purpose::areas).sum()).isEqualTo(718);
    assertThat(REAL.purposes().stream().mapToLong(Purpose::pages).sum()).isEqualTo(3655);
  }

  @Test
  void what_is_freed_counts_neither_as_area_nor_as_address_space_in_use() {
    assertThat(REAL.areas()).isEqualTo(718 - 461);
    assertThat(REAL.extent(Share.UNPURGED)).isEqualTo(new Explanation.Extent(461, 9_441_280));
    assertThat(REAL.bytes())
        .isEqualTo(
            REAL.extent(Share.MEMORY).bytes()
                + REAL.extent(Share.DEVICES).bytes()
                + REAL.extent(Share.PERCPU).bytes()
                + REAL.extent(Share.OTHERS_PAGES).bytes());
  }

  @Test
  void functions_of_one_purpose_count_together() {
    Purpose stacks =
        REAL.purposes().stream()
            .filter(purpose -> purpose.family().slug().equals("kernel-stacks"))
            .findFirst()
            .orElseThrow();

    assertThat(stacks.areas()).isEqualTo(117);
    assertThat(stacks.callers())
        .extracting(CallerUse::name)
        .containsExactly("kernel_clone", "fork_idle");
  }

  @Test
  void the_page_size_shows_in_the_sizes() {
    Explanation pages64k =
        Captures.explain(
            "0xffff800080000000-0xffff800080020000  131072 a+0x1/0x2 pages=1 vmalloc N0=1\n");

    assertThat(pages64k.pageSize()).isEqualTo(65_536);
    assertThat(REAL.pageSize()).isEqualTo(4096);
  }

  @Test
  void only_linux_6_9_and_later_list_node_by_node() {
    Explanation linux58 = Captures.bundled("x86_64_5.8_ubuntu_vmware_jc_fixture.txt");

    assertThat(REAL.addressSpace().orElseThrow().listedByNode()).isTrue();
    assertThat(linux58.addressSpace().orElseThrow().listedByNode()).isFalse();
  }

  @Test
  void the_cells_of_a_map_cover_every_area_once() {
    for (int columns : new int[] {16, 64}) {
      for (AddressMap.Strip strip : AddressMap.of(REAL, columns).strips()) {
        long next = 0;
        for (AddressMap.Line line : strip.lines()) {
          assertThat(line.offset()).isEqualTo(next);
          next += line.bytes();
        }
        assertThat(strip.start() + next).isGreaterThanOrEqualTo(strip.end());
        assertThat(strip.lines()).hasSizeLessThanOrEqualTo(AddressMap.MOST_LINES);
        assertThat(strip.usedBytes() + strip.unpurgedBytes() + strip.holeBytes())
            .isLessThanOrEqualTo(next);
      }
    }
  }
}
