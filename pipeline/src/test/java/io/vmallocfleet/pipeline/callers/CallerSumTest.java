/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.callers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vmallocfleet.pipeline.usage.Cohort;
import io.vmallocfleet.schemas.CallerWindow;
import io.vmallocfleet.schemas.HostUse;
import org.junit.jupiter.api.Test;

class CallerSumTest {
  private static final Cohort COHORT = new Cohort("6.18.1", "#1 SMP", "x86_64");

  @Test
  void sums_of_any_split_of_the_hosts_are_the_sum_of_all() {
    CallerWindow whole = window(parts(1));

    for (int split : new int[] {2, 3, 7}) {
      CallerWindow merged = window(parts(split));

      assertThat(merged.getHosts()).isEqualTo(whole.getHosts());
      assertThat(merged.getBytes()).isEqualTo(whole.getBytes());
      assertThat(merged.getAreas()).isEqualTo(whole.getAreas());
      assertThat(merged.getTopHosts()).isEqualTo(whole.getTopHosts());
      assertThat(merged.getBytesPerHost().getP50())
          .isCloseTo(whole.getBytesPerHost().getP50(), within(1e-6));
    }
  }

  @Test
  void quantiles_are_within_one_percent_and_the_worst_hosts_are_named() {
    CallerWindow window = window(parts(4));

    // Host i of 1,000 holds i MiB.
    assertThat(window.getHosts()).isEqualTo(1_000);
    assertThat(window.getBytes()).isEqualTo(500_500L << 20);
    assertThat(window.getBytesPerHost().getP50())
        .isCloseTo(500 * 0x1p20, within(0.01 * 500 * 0x1p20));
    assertThat(window.getBytesPerHost().getP99())
        .isCloseTo(990 * 0x1p20, within(0.01 * 990 * 0x1p20));
    assertThat(window.getTopHosts())
        .extracting(HostUse::getHostId)
        .containsExactly("host-1000", "host-999", "host-998", "host-997", "host-996");
    assertThat(window.getFunction()).isEqualTo("nft_set_alloc");
    assertThat(window.getModule()).isEqualTo("nf_tables");
  }

  @Test
  void hosts_of_one_size_and_many_more_than_the_first_are_all_counted() {
    var sum = new CallerSum();
    for (int host = 0; host < 5_000; host++) {
      sum.add("host-%04d".formatted(4_999 - host), "name", host % 4 == 0 ? 8 << 20 : 2 << 20, 1, 0);
    }

    CallerWindow window = window(new CallerSum[] {sum});

    assertThat(window.getHosts()).isEqualTo(5_000);
    assertThat(window.getBytesPerHost().getP50()).isCloseTo(0x2p20, within(0.01 * 0x2p20));
    assertThat(window.getBytesPerHost().getP90()).isCloseTo(0x8p20, within(0.01 * 0x8p20));
    // Of those that hold the same, the first by their ids.
    assertThat(window.getTopHosts())
        .extracting(HostUse::getHostId)
        .containsExactly("host-0003", "host-0007", "host-0011", "host-0015", "host-0019");
  }

  private static CallerSum[] parts(int count) {
    var parts = new CallerSum[count];
    for (int i = 0; i < count; i++) {
      parts[i] = new CallerSum();
    }
    for (int host = 1; host <= 1_000; host++) {
      parts[host % count].add(
          "host-" + host, "name-" + host, (long) host << 20, 1, 2L * host << 20);
    }
    return parts;
  }

  private static CallerWindow window(CallerSum[] parts) {
    var all = new CallerSum();
    for (CallerSum part : parts) {
      all.add(part.toPartial("nft_set_alloc [nf_tables]", COHORT, 0, 60_000));
    }
    return all.toWindow("nft_set_alloc [nf_tables]", COHORT, 0, 60_000);
  }
}
