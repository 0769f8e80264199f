/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RankingTest {
  private record Row(int number) {}

  @Property(tries = 200)
  void a_part_is_what_sorting_all_rows_would_show_there(
      @ForAll @Size(max = 40) List<@IntRange(min = -3, max = 3) Integer> numbers,
      @ForAll @IntRange(max = 45) int offset,
      @ForAll @IntRange(min = 1, max = 45) int limit) {
    // Few numbers for many rows, so that equal ones stand at either end of the part.
    List<Row> rows = numbers.stream().map(Row::new).toList();

    List<Row> part = Ranking.part(rows, Row::number, offset, limit);

    List<Row> sorted = rows.stream().sorted(Comparator.comparingInt(Row::number)).toList();
    assertThat(part)
        .usingElementComparator((a, b) -> a == b ? 0 : 1)
        .isEqualTo(sorted.stream().skip(offset).limit(limit).toList());
  }

  @Test
  void what_is_not_known_comes_last_and_both_zeros_are_one() {
    List<Double> rows = List.of(Double.POSITIVE_INFINITY, 0.0, -0.0, -5.0, 0.0);

    assertThat(Ranking.part(rows, row -> row, 1, 4)).containsExactly(0.0, -0.0, 0.0, rows.get(0));
  }
}
