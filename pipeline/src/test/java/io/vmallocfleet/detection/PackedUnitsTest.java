/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PackedUnitsTest {

  @Test
  void is_exact_below_4096_and_for_missing() {
    for (int units = -1; units < 4096; units++) {
      assertThat(PackedUnits.unpack(PackedUnits.pack(units))).isEqualTo(units);
    }
  }

  @Property
  void is_at_most_a_fortieth_of_a_percent_off(@ForAll @IntRange(min = 4096) int units) {
    assertThat((double) PackedUnits.unpack(PackedUnits.pack(units)))
        .isCloseTo(units, withinPercentage(0.025));
  }

  @Property
  void keeps_the_order(@ForAll @IntRange(min = 0) int a, @ForAll @IntRange(min = 0) int b) {
    int codeA = Short.toUnsignedInt(PackedUnits.pack(Math.min(a, b)));
    int codeB = Short.toUnsignedInt(PackedUnits.pack(Math.max(a, b)));

    assertThat(codeA).isLessThanOrEqualTo(codeB).isLessThan(0xffff);
  }
}
