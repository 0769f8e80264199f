/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import static io.vmallocfleet.local.backtest.evaluation.Made.alert;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  @Test
  void tells_what_pages_more_and_less_and_what_fires_earlier_and_later() {
    List<AlertSpan> a =
        List.of(
            alert("1", "LEAK", "PAGE", "h1", "f", 2, null),
            alert("2", "LEAK", "PAGE", "h2", "f", 5, null),
            alert("3", "JUMP", "PAGE", "h3", "f", 5, null),
            alert("7", "CHURN", "TICKET", "h4", "f", 6, 8.0));
    List<AlertSpan> b =
        List.of(
            alert("4", "LEAK", "PAGE", "h1", "f", 5, null),
            alert("5", "LEAK", "TICKET", "h2", "f", 4, null),
            alert("6", "LEAK", "PAGE", "h3", "f", 5, null));

    assertThat(Comparison.of(a, b).text())
        .isEqualTo(
            """
            A pages 2 more and 1 less than B; fires 1 earlier, 1 later, 0 together; only A 2, only B 1
              pages more  PAGE JUMP f on h3.example, Mar 1 05:00, still open, to kernel
              pages more  PAGE LEAK f on h2.example, Mar 1 05:00, still open, to kernel
              pages less  PAGE LEAK f on h3.example, Mar 1 05:00, still open, to kernel
              only A      TICKET CHURN f on h4.example, Mar 1 06:00, for 2 h, to kernel
              earlier     by 3 h: PAGE LEAK f on h1.example, Mar 1 02:00, still open, to kernel
              later       by 1 h: PAGE LEAK f on h2.example, Mar 1 05:00, still open, to kernel
            """);
  }
}
