/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import static io.vmallocfleet.console.Samples.NEW;
import static io.vmallocfleet.console.Samples.OLD;
import static io.vmallocfleet.console.Samples.caller;
import static io.vmallocfleet.console.Samples.encoded;
import static io.vmallocfleet.console.Samples.end;
import static io.vmallocfleet.console.Samples.firing;
import static io.vmallocfleet.console.Samples.host;
import static io.vmallocfleet.console.Samples.leak;
import static io.vmallocfleet.console.Samples.on;
import static io.vmallocfleet.console.Samples.usage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.vmallocfleet.callers.CallerKnowledge;
import io.vmallocfleet.schemas.AlertState;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.SpoolOccupancy;
import io.vmallocfleet.schemas.Verdict;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FleetStoreTest {
  private static final long HOUR = 3_600_000;
  private final FleetStore store = new FleetStore(CallerKnowledge.bundled());

  private void add(HostWindow window) {
    store.write(() -> store.add(window, encoded(window)));
  }

  private static HostQuery hosts(String text, HostState state, HostQuery.Sort sort, int limit) {
    return new HostQuery(text, state, "", sort, 0, limit);
  }

  @Test
  void a_host_that_the_fleet_has_left_behind_is_silent() {
    add(host("gone", 0, usage("vmalloc_user", 1 << 20)).build());
    for (int window = 0; window <= 3; window++) {
      add(host("here", window, usage("vmalloc_user", 1 << 20)).build());
    }
    assertThat(store.fleet(HOUR).hostsByState().get(HostState.SILENT)).isZero();

    add(host("here", 4, usage("vmalloc_user", 1 << 20)).build());

    assertThat(store.fleet(HOUR).hostsByState().get(HostState.SILENT)).isEqualTo(1);
    assertThat(store.hosts(hosts("", HostState.SILENT, HostQuery.Sort.BYTES, 10)).rows())
        .extracting(HostRow::hostname)
        .containsExactly("gone");
  }

  @Test
  void blind_and_skewed_hosts_are_told_apart() {
    add(host("blind", 0).setBlind("no permission").build());
    add(host("ahead", 0).setClockAheadMs(90_000).build());
    add(host("fine", 0).build());

    assertThat(store.fleet(HOUR).hostsByState())
        .containsEntry(HostState.BLIND, 1L)
        .containsEntry(HostState.SKEWED, 1L)
        .containsEntry(HostState.FINE, 1L);
  }

  @Test
  void a_window_delivered_twice_counts_once() {
    var window = host("a", 0, usage("htab_map_alloc", 4 << 20)).build();
    add(window);
    add(window);
    var callers = caller("htab_map_alloc", 0, NEW, on("a", 4 << 20));
    store.write(() -> store.add(callers));
    store.write(() -> store.add(callers));
    add(host("a", 1, usage("htab_map_alloc", 4 << 20)).build());

    assertThat(store.fleet(HOUR).series().columns().get("bytes")).containsExactly(4 << 20);
    assertThat(store.callers(new CallerQuery("", "", CallerQuery.Sort.BYTES, HOUR, 0, 10)).rows())
        .extracting(CallerRow::bytes)
        .containsExactly(4L << 20);
  }

  @Test
  void cohorts_of_one_window_are_summed_and_their_quantiles_merged() {
    var small =
        IntStream.range(0, 90)
            .mapToObj(i -> on("s" + i, 1 << 20))
            .toArray(io.vmallocfleet.schemas.HostUse[]::new);
    var large =
        IntStream.range(0, 10)
            .mapToObj(i -> on("l" + i, 64 << 20))
            .toArray(io.vmallocfleet.schemas.HostUse[]::new);

    store.write(() -> store.add(caller("htab_map_alloc", 0, OLD, small)));
    store.write(() -> store.add(caller("htab_map_alloc", 1, OLD, small)));
    store.write(() -> store.add(caller("htab_map_alloc", 0, NEW, large))); // its partition lags
    store.write(() -> store.add(caller("htab_map_alloc", 1, NEW, large)));
    store.write(() -> store.add(caller("htab_map_alloc", 2, NEW, large)));

    CallerView view = store.caller(new CallerName("htab_map_alloc", ""), HOUR).orElseThrow();
    Series series = view.series();
    int last = series.columns().get("bytes").length - 1;
    for (int window : new int[] {last - 1, last}) {
      assertThat(series.columns().get("bytes")[window]).isEqualTo((90 + 640) << 20);
      assertThat(series.columns().get("hosts")[window]).isEqualTo(100);
      assertThat(series.columns().get("p50")[window])
          .isCloseTo(1 << 20, within(0.011f * (1 << 20)));
      assertThat(series.columns().get("p99")[window])
          .isCloseTo(64 << 20, within(0.011f * (64 << 20)));
    }
    assertThat(view.kernels()).hasSize(2);
    assertThat(view.worstHosts().get(0).bytes()).isEqualTo(64 << 20);
  }

  @Test
  void lists_are_sorted_searched_and_paged_here() {
    for (int i = 0; i < 120; i++) {
      add(host("node-%03d".formatted(i), 0, usage("vmalloc_user", (long) i << 20)).build());
    }

    Page<HostRow> second =
        store.hosts(new HostQuery("node", null, "", HostQuery.Sort.BYTES, 50, 50));
    assertThat(second.total()).isEqualTo(120);
    assertThat(second.rows()).hasSize(50);
    assertThat(second.rows().get(0).hostname()).isEqualTo("node-069");
    assertThat(store.hosts(hosts("NODE-11", null, HostQuery.Sort.NAME, 50)).total()).isEqualTo(10);
    assertThat(store.search("de-007", 5).hosts())
        .extracting(HostRow::hostname)
        .containsExactly("node-007");
    assertThat(store.hosts(new HostQuery("", null, "6.12.9", HostQuery.Sort.NAME, 0, 5)).total())
        .isZero();
  }

  @Test
  void a_name_that_changes_takes_its_new_place() {
    add(host("a", 0).build());
    add(host("b", 0).build());
    assertThat(names()).containsExactly("a", "b");

    add(host("a", 1).setHostname("c").build());
    add(host("aa", 1).build());

    assertThat(names()).containsExactly("aa", "b", "c");
  }

  private List<String> names() {
    return store.hosts(hosts("", null, HostQuery.Sort.NAME, 10)).rows().stream()
        .map(HostRow::hostname)
        .toList();
  }

  @Test
  void hosts_are_ordered_by_how_much_they_changed() {
    for (int window = 0; window < 2; window++) {
      add(host("steady", window, usage("x", 8 << 20)).build());
      add(host("grows", window, usage("x", (4L + window) << 20)).build());
      add(host("shrinks", window, usage("x", (4L - window) << 20)).build());
    }
    add(host("new", 1, usage("x", 64 << 20)).build());

    assertThat(store.hosts(hosts("", null, HostQuery.Sort.CHANGE, 10)).rows())
        .extracting(HostRow::hostname)
        .containsExactly("grows", "steady", "shrinks", "new");
  }

  @Test
  void the_fullest_spools_come_first_and_what_waits_and_was_lost_is_summed() {
    add(host("full", 0).setSpool(new SpoolOccupancy(40L, 800_000L, 1L << 20)).build());
    add(host("large", 0).setSpool(new SpoolOccupancy(60L, 1_200_000L, 64L << 20)).build());
    add(host("empty", 0).setSpool(new SpoolOccupancy(0L, 0L, 64L << 20)).build());
    add(host("lossy", 0).setLostSnapshots(3).build());

    DeliveryView delivery = store.delivery(HOUR);

    assertThat(delivery.fullest())
        .extracting(HostRow::hostname, HostRow::spool)
        .containsExactly(
            tuple("full", new HostRow.Spool(40, 800_000, 1 << 20)),
            tuple("large", new HostRow.Spool(60, 1_200_000, 64 << 20)));
    assertThat(delivery.hostsTelling()).isEqualTo(3);
    assertThat(delivery.hostsWaiting()).isEqualTo(2);
    assertThat(delivery.snapshotsWaiting()).isEqualTo(100);
    assertThat(delivery.bytesWaiting()).isEqualTo(2_000_000);
    assertThat(delivery.lossy()).extracting(HostRow::hostname).containsExactly("lossy");
    assertThat(delivery.lostSnapshots()).isEqualTo(3);
  }

  @Test
  void an_outage_shows_in_the_line_of_what_waited_once_it_is_over() {
    add(host("a", 0).setSpool(new SpoolOccupancy(30L, 600_000L, 64L << 20)).build());
    add(host("a", 1).setSpool(new SpoolOccupancy(0L, 0L, 64L << 20)).setLostSnapshots(2).build());
    add(host("a", 2).setSpool(new SpoolOccupancy(0L, 0L, 64L << 20)).build());

    DeliveryView delivery = store.delivery(HOUR);

    assertThat(delivery.series().columns().get("waiting")).containsExactly(30, 0);
    assertThat(delivery.series().columns().get("lost")).containsExactly(0, 2);
    assertThat(delivery.fullest()).isEmpty();
  }

  @Test
  void nobody_knows_of_the_spool_of_a_silent_host() {
    add(host("gone", 0).setSpool(new SpoolOccupancy(9L, 180_000L, 1L << 20)).build());
    add(host("here", HostTable.SILENT_AFTER).build());

    assertThat(store.delivery(HOUR).snapshotsWaiting()).isZero();
    assertThat(store.delivery(HOUR).fullest()).isEmpty();
  }

  @Test
  void a_host_keeps_a_line_for_each_of_its_largest_callers() {
    for (int window = 0; window < 5; window++) {
      add(
          host(
                  "a",
                  window,
                  usage("htab_map_alloc", (long) (window + 1) << 20),
                  usage("n_tty_open", 4096))
              .build());
    }

    HostView view = store.host("a-id", HOUR).orElseThrow();
    float[] line = view.callers().get(0).recent();
    assertThat(line).endsWith(1 << 20, 2 << 20, 3 << 20, 4 << 20, 5 << 20);
    assertThat(view.host().changeBytes()).isEqualTo(4L << 20);
    assertThat(view.memory().get("bpfJitLimit")).isEqualTo(512L << 20);
  }

  @Test
  void another_window_length_begins_all_series_again() {
    add(host("a", 0).build());
    add(host("b", 0).setWindowStart(end(3).minusMillis(10_000)).setWindowEnd(end(3)).build());

    assertThat(store.size().hosts()).isEqualTo(1);
    assertThat(store.fleet(HOUR).windowMillis()).isEqualTo(10_000);
  }

  @Test
  void a_finding_shows_until_an_alert_speaks_of_it_or_it_is_gone() {
    var finding = leak("f1", "a", "htab_map_alloc").build();
    store.write(() -> store.add(finding));
    assertThat(store.alertsByState()).containsEntry(AlertView.FOUND, 1L);

    store.write(() -> store.add(firing(finding).build()));
    assertThat(store.alertsByState()).containsOnlyKeys("FIRING");

    store.write(
        () ->
            store.add(
                leak("f2", "b", "n_tty_open")
                    .setVerdict(Verdict.GONE)
                    .setGoneBecause("freed")
                    .build()));
    assertThat(store.alertsByState()).containsOnlyKeys("FIRING");
  }

  @Test
  void alerts_are_filtered_and_firing_ones_come_first() {
    var one = leak("f1", "a", "htab_map_alloc").build();
    var two = leak("f2", "b", "n_tty_open").build();
    store.write(() -> store.add(firing(one).setState(AlertState.RESOLVED).build()));
    store.write(() -> store.add(firing(two).build()));

    assertThat(alerts(Set.of(), "", "")).containsExactly("f2", "f1");
    assertThat(alerts(Set.of("RESOLVED"), "", "")).containsExactly("f1");
    assertThat(alerts(Set.of(), "b-id", "")).containsExactly("f2");
    assertThat(alerts(Set.of(), "", "HTAB")).containsExactly("f1");
  }

  private List<String> alerts(Set<String> states, String host, String text) {
    return store.alerts(new AlertQuery(states, "", "", "", host, "", text, 0, 10)).rows().stream()
        .map(AlertView::fingerprint)
        .toList();
  }

  @Test
  void resolved_alerts_give_way_first() {
    var book = new AlertBook();
    for (int i = 0; i < AlertBook.MOST_ALERTS; i++) {
      book.add(
          firing(leak("f" + i, "a", "x").build())
              .setState(i == 5 ? AlertState.RESOLVED : AlertState.FIRING)
              .build());
    }

    book.add(firing(leak("new", "a", "x").build()).build());

    assertThat(book.find("f5")).isEmpty();
    assertThat(book.find("f0")).isPresent();
    assertThat(book.find("new")).isPresent();
  }

  @Test
  void too_many_callers_are_refused_and_counted() {
    store.write(
        () ->
            IntStream.range(0, CallerTable.MOST + 3)
                .forEach(i -> store.add(caller("fn" + i, 0, NEW, on("a", 4096)))));

    assertThat(store.size().callers()).isEqualTo(CallerTable.MOST);
    assertThat(store.size().callersRefused()).isEqualTo(3);
  }
}
