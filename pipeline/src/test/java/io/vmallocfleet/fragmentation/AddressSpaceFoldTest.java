/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.fragmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.junit.jupiter.api.Test;

class AddressSpaceFoldTest {

  private static final long KIB = 1024;

  @Test
  void sums_areas_guards_and_holes_of_one_window() {
    AddressSpaceFold fold = new AddressSpaceFold(8 * KIB, 16 * KIB, 32 * KIB);

    // |8K|--4K--|20K|8K|--16K--|4K|
    fold.add(-1, 8 * KIB, 4 * KIB, false);
    fold.add(4 * KIB, 20 * KIB, 4 * KIB, false);
    fold.add(0, 8 * KIB, 4 * KIB, false);
    fold.add(16 * KIB, 4 * KIB, 0, false);

    // Span 8+4+20+8+16+4 = 60K. Of 20K free, 4K are too small for 8K and for 16K: 4/20 = 0.2.
    // Holes of 2^12 and 2^14 bytes.
    assertThat(fold.finish(GapKnowledge.ALL))
        .isEqualTo(
            new AddressSpaceShape(
                4,
                40 * KIB,
                0,
                0,
                12 * KIB,
                3L,
                new AddressSpaceShape.Holes(
                    60 * KIB,
                    2,
                    20 * KIB,
                    16 * KIB,
                    List.of(0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 1L, 0L, 1L),
                    List.of(
                        new UnusableFreeSpace(8 * KIB, 0.2),
                        new UnusableFreeSpace(16 * KIB, 0.2),
                        new UnusableFreeSpace(32 * KIB, 1.0)))));
  }

  @Test
  void joins_an_unpurged_area_with_the_gaps_beside_it() {
    AddressSpaceFold fold = new AddressSpaceFold(20 * KIB);

    fold.add(-1, 4 * KIB, 0, false);
    fold.add(4 * KIB, 12 * KIB, 0, true);
    fold.add(4 * KIB, 4 * KIB, 0, false);
    AddressSpaceShape shape = fold.finish(GapKnowledge.ALL);

    // 4 + 12 + 4 = one hole of 20K in a span of 28K; used 4 + 12 + 4 = 20K of which 12K unpurged.
    assertThat(shape.holes().count()).isEqualTo(1);
    assertThat(shape.holes().largestBytes()).isEqualTo(20 * KIB);
    assertThat(shape.holes().unusableFreeSpace())
        .containsExactly(new UnusableFreeSpace(20 * KIB, 0));
    assertThat(shape.usedBytes()).isEqualTo(20 * KIB);
    assertThat(shape.busyBytes()).isEqualTo(8 * KIB);
    assertThat(shape.unpurgedAreas()).isEqualTo(1);
  }

  @Test
  void counts_unpurged_areas_at_both_ends_as_holes_of_the_span() {
    AddressSpaceFold fold = new AddressSpaceFold();

    fold.add(-1, 4 * KIB, 0, true);
    fold.add(0, 8 * KIB, 0, false);
    fold.add(0, 4 * KIB, 0, true);
    AddressSpaceShape shape = fold.finish(GapKnowledge.ALL);

    assertThat(shape.holes().count()).isEqualTo(2);
    assertThat(shape.holes().spanBytes()).isEqualTo(16 * KIB);
    assertThat(shape.runs()).isEqualTo(1);
  }

  @Test
  void gives_no_index_where_there_is_no_hole() {
    AddressSpaceFold fold = AddressSpaceFold.ofPageSize(4096);

    fold.add(-1, 8 * KIB, 4 * KIB, false);
    fold.add(0, 8 * KIB, 4 * KIB, false);
    AddressSpaceShape.Holes holes = fold.finish(GapKnowledge.ALL).holes();

    assertThat(holes)
        .isEqualTo(new AddressSpaceShape.Holes(16 * KIB, 0, 0, 0, List.of(), List.of()));
  }

  @Test
  void knows_runs_but_no_holes_when_only_adjoining_is_known() {
    AddressSpaceFold fold = AddressSpaceFold.ofPageSize(4096);

    // Chains of two and of one.
    fold.add(-1, 8 * KIB, 4 * KIB, false);
    fold.add(0, 8 * KIB, 4 * KIB, false);
    fold.add(-1, 8 * KIB, 4 * KIB, false);
    AddressSpaceShape shape = fold.finish(GapKnowledge.ADJOINING);

    assertThat(shape).isEqualTo(new AddressSpaceShape(3, 24 * KIB, 0, 0, 12 * KIB, 2L, null));
  }

  @Test
  void knows_sums_only_when_no_gap_is_known() {
    AddressSpaceFold fold = AddressSpaceFold.ofPageSize(4096);

    fold.add(-1, 8 * KIB, 4 * KIB, false);
    fold.add(-1, 8 * KIB, 4 * KIB, false);
    AddressSpaceShape shape = fold.finish(GapKnowledge.NONE);

    assertThat(shape).isEqualTo(new AddressSpaceShape(2, 16 * KIB, 0, 0, 8 * KIB, null, null));
  }

  @Test
  void withholds_holes_when_one_gap_is_unknown_whatever_the_mode_says() {
    AddressSpaceFold fold = AddressSpaceFold.ofPageSize(4096);

    fold.add(-1, 8 * KIB, 4 * KIB, false);
    fold.add(4 * KIB, 8 * KIB, 4 * KIB, false);
    fold.add(-1, 8 * KIB, 4 * KIB, false);

    assertThat(fold.finish(GapKnowledge.ALL).holes()).isNull();
  }

  @Test
  void starts_again_after_a_finish() {
    AddressSpaceFold fold = new AddressSpaceFold(4 * KIB);
    fold.add(-1, 4 * KIB, 0, false);
    fold.add(64 * KIB, 4 * KIB, 0, true);
    fold.add(-1, 4 * KIB, 0, false);
    fold.finish(GapKnowledge.ALL);

    assertThat(fold.isEmpty()).isTrue();
    fold.add(99, 4 * KIB, 0, false);

    assertThat(fold.finish(GapKnowledge.ALL))
        .isEqualTo(
            new AddressSpaceShape(
                1,
                4 * KIB,
                0,
                0,
                0,
                1L,
                new AddressSpaceShape.Holes(4 * KIB, 0, 0, 0, List.of(), List.of())));
  }

  @Test
  void rounds_default_requests_to_pages_and_adds_a_guard() {
    AddressSpaceFold fold = AddressSpaceFold.ofPageSize(64 * 1024);

    fold.add(-1, 64 * KIB, 0, false);
    fold.add(128 * KIB, 64 * KIB, 0, false);

    // On 64 KiB pages 8 KiB and 64 KiB are the same request: one page and its guard.
    assertThat(fold.finish(GapKnowledge.ALL).holes().unusableFreeSpace())
        .containsExactly(
            new UnusableFreeSpace(128 * KIB, 0),
            new UnusableFreeSpace(1088 * KIB, 1),
            new UnusableFreeSpace(2112 * KIB, 1),
            new UnusableFreeSpace(16448 * KIB, 1));
  }

  @Test
  void refuses_what_cannot_be_an_area() {
    AddressSpaceFold fold = new AddressSpaceFold();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> fold.add(0, 0, 0, false))
        .withMessage("area of 0 bytes with a guard of 0: expected 0 <= guard <= size");
    assertThatIllegalArgumentException().isThrownBy(() -> fold.add(0, 4096, 8192, false));
    assertThatIllegalStateException()
        .isThrownBy(() -> fold.finish(GapKnowledge.ALL))
        .withMessage("no area was added: an empty window has no shape");
  }

  @Test
  void refuses_a_request_or_page_size_that_makes_no_sense() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AddressSpaceFold(4096, 0))
        .withMessage("request of 0 bytes: expected at least 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AddressSpaceFold.ofPageSize(5000))
        .withMessage("page size is 5000: expected a power of two such as 4096");
  }
}
