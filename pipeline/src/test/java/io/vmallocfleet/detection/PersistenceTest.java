/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PersistenceTest {

  @Test
  void begins_and_ends_after_as_many_windows_in_a_row() {
    assertThat(there("..##.###...")).isEqualTo(".......###.");
  }

  private static String there(String shown) {
    Persistence persistence = Persistence.absent();
    StringBuilder there = new StringBuilder();
    for (char window : shown.toCharArray()) {
      persistence = persistence.observe(window == '#', 3, 3);
      there.append(persistence.there() ? '#' : '.');
    }
    return there.toString();
  }
}
