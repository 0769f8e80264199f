/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RingTest {
  @Test
  void a_window_nobody_wrote_is_not_a_number() {
    var ring = new Ring(1, 4, 1);

    ring.set(10, 0, 1);
    ring.set(12, 0, 3);

    assertThat(ring.at(10, 0)).isEqualTo(1);
    assertThat(ring.at(11, 0)).isNaN();
    assertThat(ring.at(12, 0)).isEqualTo(3);
    assertThat(ring.at(13, 0)).isNaN();
  }

  @Test
  void what_is_older_than_the_ring_is_long_falls_out() {
    var ring = new Ring(1, 4, 1);
    ring.set(10, 0, 1);
    ring.set(11, 0, 2);

    ring.set(14, 0, 5);

    assertThat(ring.at(10, 0)).isNaN();
    assertThat(ring.at(11, 0)).isEqualTo(2);
    ring.set(9, 0, 7);
    assertThat(ring.at(9, 0)).isNaN();
    assertThat(ring.at(13, 0)).isNaN();
  }

  @Test
  void a_stride_keeps_the_last_value_of_so_many_windows() {
    var ring = new Ring(1, 4, 5);
    ring.set(20, 0, 1);
    ring.set(24, 0, 2);
    ring.set(25, 0, 3);

    assertThat(ring.at(22, 0)).isEqualTo(2);
    assertThat(ring.atSlot(5, 0)).isEqualTo(3);
  }

  @Test
  void holds_what_a_map_of_the_last_windows_holds() {
    var random = new Random(7);
    for (int round = 0; round < 200; round++) {
      int slots = 1 + random.nextInt(9);
      var ring = new Ring(2, slots, 1);
      Map<Long, Float> expected = new HashMap<>();
      long newest = Long.MIN_VALUE;
      for (int i = 0; i < 60; i++) {
        long window = random.nextInt(40);
        ring.set(window, 1, i);
        newest = Math.max(newest, window);
        long oldest = newest - slots;
        if (window > oldest) {
          expected.put(window, (float) i);
        }
        expected.keySet().removeIf(key -> key <= oldest);
      }
      for (long window = -5; window < 50; window++) {
        assertThat(ring.at(window, 1)).isEqualTo(expected.getOrDefault(window, Float.NaN));
        assertThat(ring.at(window, 0)).isNaN();
      }
    }
  }
}
