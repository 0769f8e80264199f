/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import org.junit.jupiter.api.Test;

class StudentTTest {

  @Test
  void agrees_with_tables_of_student_t() {
    // One-sided 0.5 % and 0.05 %: z of 2.5758 and 3.2905.
    assertThat(StudentT.asRareAs(2.5758, 9)).isCloseTo(3.250, withPercentage(1));
    assertThat(StudentT.asRareAs(2.5758, 29)).isCloseTo(2.756, withPercentage(1));
    assertThat(StudentT.asRareAs(3.2905, 9)).isCloseTo(4.781, withPercentage(1));
    assertThat(StudentT.asRareAs(3.2905, 120)).isCloseTo(3.373, withPercentage(1));
  }

  @Test
  void many_hosts_need_no_more_than_the_normal_distribution_asks() {
    assertThat(StudentT.asRareAs(5, 1_000_000)).isCloseTo(5, withPercentage(0.01));
  }

  @Test
  void a_t_and_the_z_that_is_as_rare_lead_back_to_each_other() {
    for (long freedom : new long[] {1, 4, 9, 120}) {
      assertThat(StudentT.asNormal(StudentT.asRareAs(3, freedom), freedom))
          .isCloseTo(3, withPercentage(1e-6));
    }
    assertThat(StudentT.asNormal(100, 0)).isZero();
  }
}
