/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.fragmentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class AddressSpaceFoldPropertiesTest {

  private static final long PAGE = 4096;

  @Property(tries = 300)
  void agrees_with_the_slow_reference_over_a_sorted_list(
      @ForAll("ranges") List<AddressRange> ranges, @ForAll("requests") List<Long> requests) {
    AddressSpaceFold fold = fold(requests);

    AddressRange.feed(fold, ranges);
    AddressSpaceShape.Holes holes = fold.finish(GapKnowledge.ALL).holes();

    List<Long> reference = AddressRange.holes(ranges);
    long free = sum(reference);
    assertThat(holes.count()).isEqualTo(reference.size());
    assertThat(holes.bytes()).isEqualTo(free);
    assertThat(holes.largestBytes())
        .isEqualTo(reference.isEmpty() ? 0L : (long) Collections.max(reference));
    for (int i = 0; i < holes.sizesLog2().size(); i++) {
      long low = 1L << i;
      assertThat(holes.sizesLog2().get(i))
          .isEqualTo(reference.stream().filter(hole -> hole >= low && hole < 2 * low).count());
    }
    assertThat(sum(holes.sizesLog2())).isEqualTo(reference.size());
    List<UnusableFreeSpace> expected = new ArrayList<>();
    for (long request : new TreeSet<>(requests)) {
      if (free > 0) {
        long tooSmall = sum(reference.stream().filter(hole -> hole < request).toList());
        expected.add(new UnusableFreeSpace(request, (double) tooSmall / free));
      }
    }
    assertThat(holes.unusableFreeSpace()).isEqualTo(expected);
  }

  @Property(tries = 300)
  void holes_plus_busy_bytes_are_the_span(@ForAll("ranges") List<AddressRange> ranges) {
    AddressSpaceFold fold = new AddressSpaceFold();

    AddressRange.feed(fold, ranges);
    AddressSpaceShape shape = fold.finish(GapKnowledge.ALL);

    assertThat(shape.holes().bytes() + shape.busyBytes()).isEqualTo(shape.holes().spanBytes());
  }

  @Property(tries = 300)
  void the_index_stays_in_0_to_1_and_never_falls_as_requests_grow(
      @ForAll("ranges") List<AddressRange> ranges, @ForAll("requests") List<Long> requests) {
    AddressSpaceFold fold = fold(requests);

    AddressRange.feed(fold, ranges);
    List<Double> indices =
        fold.finish(GapKnowledge.ALL).holes().unusableFreeSpace().stream()
            .map(UnusableFreeSpace::index)
            .toList();

    assertThat(indices).isSorted().allSatisfy(index -> assertThat(index).isBetween(0.0, 1.0));
  }

  private static AddressSpaceFold fold(List<Long> requests) {
    return new AddressSpaceFold(requests.stream().mapToLong(Long::longValue).toArray());
  }

  private static long sum(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).sum();
  }

  /** Areas that do not overlap, in shuffled order, some of them adjoining. */
  @Provide
  Arbitrary<List<AddressRange>> ranges() {
    Arbitrary<long[]> step =
        Combinators.combine(
                Arbitraries.longs().between(0, 5),
                Arbitraries.longs().between(1, 40),
                Arbitraries.integers().between(0, 4))
            .as((gap, pages, kind) -> new long[] {gap * PAGE, pages * PAGE, kind});
    return step.list()
        .ofMinSize(1)
        .ofMaxSize(60)
        .map(
            steps -> {
              List<AddressRange> ranges = new ArrayList<>();
              long address = 0xf1000000L;
              for (long[] next : steps) {
                ranges.add(new AddressRange(address + next[0], next[1], next[2] == 0));
                address += next[0] + next[1];
              }
              Collections.shuffle(ranges, new Random(steps.size()));
              return ranges;
            });
  }

  @Provide
  Arbitrary<List<Long>> requests() {
    return Arbitraries.longs().between(1, 60 * PAGE).list().ofMinSize(1).ofMaxSize(6);
  }
}
