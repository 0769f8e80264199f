/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.fragmentation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A host on which 11 % of the vmalloc space was free and a request for 1.2 % of it failed. */
class FragmentedHostTest {

  private static final long VMALLOC_START = 0xf1000000L;
  private static final long FAILED_REQUEST = 839_680;

  @Test
  void shows_why_the_request_did_not_fit() throws IOException {
    AddressSpaceFold fold =
        new AddressSpaceFold(4096, 20_480, 831_488, FAILED_REQUEST - 4096, FAILED_REQUEST);

    AddressRange.feed(fold, vmallocWindow());
    AddressSpaceShape shape = fold.finish(GapKnowledge.ALL);
    AddressSpaceShape.Holes holes = shape.holes();

    assertThat(shape.areas()).isEqualTo(411);
    assertThat(shape.unpurgedAreas()).isEqualTo(24);
    assertThat(shape.unpurgedBytes()).isEqualTo(491_520);
    assertThat(shape.usedBytes()).isEqualTo(61_153_280);
    assertThat(shape.busyBytes()).isEqualTo(60_661_760);
    // 0xf5110000 - 0xf1000000 = 68,222,976 = 60,661,760 + 7,561,216
    assertThat(holes.spanBytes()).isEqualTo(68_222_976);
    assertThat(holes.bytes()).isEqualTo(7_561_216);
    assertThat(holes.count()).isEqualTo(201);
    assertThat(holes.largestBytes()).isEqualTo(831_488);
    // Every hole has at least a page; the largest one takes 831,488 and nothing takes more:
    // (7,561,216 - 831,488) / 7,561,216 = 0.8900...
    assertThat(holes.unusableFreeSpace().get(0)).isEqualTo(new UnusableFreeSpace(4096, 0));
    assertThat(holes.unusableFreeSpace().get(2))
        .isEqualTo(new UnusableFreeSpace(831_488, 6_729_728.0 / 7_561_216));
    assertThat(holes.unusableFreeSpace().get(3)).isEqualTo(new UnusableFreeSpace(835_584, 1));
    assertThat(holes.unusableFreeSpace().get(4)).isEqualTo(new UnusableFreeSpace(839_680, 1));
  }

  @Test
  void counts_the_same_holes_as_the_slow_reference() throws IOException {
    List<Long> holes = AddressRange.holes(vmallocWindow());

    assertThat(holes).hasSize(201).contains(831_488L);
    assertThat(holes.stream().mapToLong(Long::longValue).sum()).isEqualTo(7_561_216);
  }

  private static List<AddressRange> vmallocWindow() throws IOException {
    try (InputStream in = FragmentedHostTest.class.getResourceAsStream("ppc32-6.14-rc4.tsv")) {
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("\t"))
          .map(
              column ->
                  new AddressRange(
                      Long.parseLong(column[0], 16),
                      Long.parseLong(column[1]),
                      column[2].equals("1")))
          .filter(range -> range.start() >= VMALLOC_START)
          .toList();
    }
  }
}
