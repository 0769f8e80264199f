/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

import static io.vmallocfleet.detection.fleet.SimulatedPopulation.MIB;
import static io.vmallocfleet.detection.fleet.SimulatedPopulation.NEW;
import static io.vmallocfleet.detection.fleet.SimulatedPopulation.OLD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vmallocfleet.detection.fleet.FleetDetection.CallerRenamed;
import io.vmallocfleet.detection.fleet.FleetDetection.FleetLeak;
import io.vmallocfleet.detection.fleet.FleetDetection.NewCaller;
import io.vmallocfleet.detection.fleet.FleetDetection.OutlierHost;
import io.vmallocfleet.detection.fleet.FleetDetection.RolloutRegression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fleets of 300 hosts, six buckets a day, noise of 2 % a host with memory and heavy tails. */
class FleetJudgeTest {
  private static final int HOSTS = 300;
  private static final String MAPS = "htab_map_alloc";

  @ParameterizedTest
  @ValueSource(longs = {101, 102, 103})
  void nothing_happens_in_a_fleet_that_lives_its_usual_life(long seed) {
    SimulatedPopulation fleet = new SimulatedPopulation(HOSTS, seed).warmUp(1);
    for (int host = 0; host < HOSTS; host++) {
      // A growing fleet, hosts that leave, and a reboot wave into the same kernel.
      if (host % 3 == 0) {
        fleet.join(host, 10 + host / 8);
      }
      if (host % 7 == 0) {
        fleet.leave(host, 60);
      }
      fleet.reboot(host, 48 + host / 60, OLD);
    }
    // A deployment over 16 hours that takes a third more.
    fleet.event("load_module", (host, bucket, usual) -> bucket > 24 + host / 75 ? 0.3 * usual : 0);

    assertThat(all(fleet, 84)).isEmpty();
  }

  @Test
  void a_leak_too_slow_for_any_host_is_found_in_the_fleet_and_ends() {
    // Half a standard deviation of one host a day, 1.2 MiB, for four days.
    SimulatedPopulation fleet =
        new SimulatedPopulation(HOSTS, 1)
            .event(
                MAPS,
                (host, bucket, usual) ->
                    0.01 * 120 * MIB * Math.min(24, Math.max(0, bucket - 12)) / 6);

    Map<Integer, List<FleetDetection>> found = run(fleet, 60);

    List<FleetLeak> leaks = only(FleetLeak.class, found);
    FleetLeak first = leaks.get(0);
    assertThat(first.caller()).isEqualTo(MAPS);
    assertThat(first.cohort()).isEmpty();
    assertThat(first.sinceBucket()).isBetween(10L, 20L);
    assertThat(bucketOf(first, found)).isLessThanOrEqualTo(12 + 18);
    // A single bucket's rate is as noisy as a day's growth: judged over the first day.
    assertThat(leaks.subList(0, 6).stream().mapToDouble(FleetLeak::perDay).average().orElseThrow())
        .isCloseTo(1.2 * MIB, within(0.3 * MIB));
    assertThat(first.worst()).hasSize(PopulationSum.TOP_HOSTS);
    FleetLeak last = leaks.get(leaks.size() - 1);
    assertThat(last.over()).isEqualTo("it has not grown for a day");
    assertThat(bucketOf(last, found)).isBetween(36, 36 + 15);
  }

  @Test
  void a_leak_on_a_tenth_of_the_hosts_is_found_though_the_others_do_not_move() {
    SimulatedPopulation fleet =
        new SimulatedPopulation(HOSTS, 13)
            .event(
                MAPS,
                (host, bucket, usual) ->
                    host % 10 == 3 ? 40 * MIB * Math.max(0, Math.min(bucket, 48) - 12) / 6 : 0);

    Map<Integer, List<FleetDetection>> found = run(fleet, 72);

    List<FleetLeak> leaks = only(FleetLeak.class, found);
    assertThat(leaks).isNotEmpty();
    assertThat(leaks.get(0).caller()).isEqualTo(MAPS);
    assertThat(leaks.get(0).hosts()).isBetween(10L, 33L);
    assertThat(leaks.get(0).worst().subList(0, 5)).allMatch(host -> host.hostId().endsWith("3"));
    assertThat(bucketOf(leaks.get(0), found)).isLessThanOrEqualTo(12 + 16);
    assertThat(leaks.get(leaks.size() - 1).over())
        .isEqualTo("no more hosts grow steadily than chance makes");
  }

  @Test
  void load_that_moves_many_purposes_at_once_is_no_leak() {
    SimulatedPopulation fleet = new SimulatedPopulation(HOSTS, 2);
    for (String caller :
        List.of("kernel_clone", MAPS, "bpf_prog_alloc_no_stats", "n_tty_open", "relay_open_buf")) {
      fleet.event(
          caller, (host, bucket, usual) -> bucket < 18 ? 0 : usual * 0.03 * (bucket - 18) / 6);
    }

    assertThat(only(FleetLeak.class, run(fleet, 60))).isEmpty();
  }

  @Test
  void a_leak_of_one_kernel_build_is_told_from_load_by_the_hosts_on_the_other() {
    SimulatedPopulation fleet = new SimulatedPopulation(HOSTS, 3);
    for (int host = 0; host < HOSTS; host += 3) {
      fleet.reboot(host, 6, NEW);
    }
    // Load moves everyone by 2 % a day; on the new kernel 3 % more leak.
    fleet.event(
        MAPS,
        (host, bucket, usual) ->
            usual * (0.02 + (host % 3 == 0 ? 0.03 : 0)) * Math.max(0, bucket - 18) / 6);

    FleetLeak leak = only(FleetLeak.class, run(fleet, 50)).get(0);

    assertThat(leak.cohort()).isEqualTo(NEW);
    assertThat(leak.onlyHere()).isTrue();
    assertThat(leak.hosts()).isEqualTo(100);
  }

  @Test
  void a_cache_that_fills_after_every_reboot_is_no_leak() {
    SimulatedPopulation fleet = new SimulatedPopulation(HOSTS, 4).warmUp(1.5);
    for (int host = 0; host < HOSTS; host++) {
      fleet.reboot(host, 20 + host / 60, OLD);
    }

    assertThat(all(fleet, 84)).isEmpty();
  }

  @Test
  void one_host_far_outside_its_cohort_is_an_outlier_until_it_comes_back() {
    SimulatedPopulation fleet =
        new SimulatedPopulation(HOSTS, 5)
            .event(
                MAPS,
                (host, bucket, usual) ->
                    host == 17 && bucket >= 18 && bucket < 30 ? 1000 * MIB : 0);

    Map<Integer, List<FleetDetection>> found = run(fleet, 48);

    List<OutlierHost> outliers = only(OutlierHost.class, found);
    assertThat(outliers).extracting(o -> o.host().hostId()).containsOnly("host-17");
    assertThat(bucketOf(outliers.get(0), found)).isEqualTo(19);
    assertThat(outliers.get(0).median()).isCloseTo(120 * MIB, within(12 * MIB));
    assertThat(outliers.get(0).over()).isEmpty();
    OutlierHost last = outliers.get(outliers.size() - 1);
    assertThat(last.over()).isNotEmpty();
    assertThat(bucketOf(last, found)).isEqualTo(31);
  }

  @Test
  void where_a_part_of_the_cohort_lies_outside_it_is_another_kind_of_host() {
    SimulatedPopulation fleet =
        new SimulatedPopulation(HOSTS, 6)
            .event(MAPS, (host, bucket, usual) -> host % 20 == 0 ? 1000 * MIB : 0);

    assertThat(only(OutlierHost.class, run(fleet, 24))).isEmpty();
  }

  @Test
  void twelve_hosts_are_no_cohort_to_be_an_outlier_of() {
    SimulatedPopulation fleet =
        new SimulatedPopulation(12, 6)
            .event(MAPS, (host, bucket, usual) -> host == 3 ? 1000 * MIB : 0);

    assertThat(only(OutlierHost.class, run(fleet, 24))).isEmpty();
  }

  @Test
  void a_kernel_that_holds_more_on_the_same_hosts_is_a_regression() {
    SimulatedPopulation fleet = rollout(new SimulatedPopulation(HOSTS, 7).warmUp(0.5));
    fleet.event(
        "bpf_prog_alloc_no_stats",
        (host, bucket, usual) -> bucket >= upgradedAt(host) ? 0.4 * usual : 0);

    Map<Integer, List<FleetDetection>> found = run(fleet, 60);

    List<RolloutRegression> regressions = only(RolloutRegression.class, found);
    assertThat(regressions)
        .extracting(RolloutRegression::caller)
        .containsOnly("bpf_prog_alloc_no_stats");
    RolloutRegression settled = regressions.get(regressions.size() - 1);
    assertThat(settled.cohort()).isEqualTo(NEW);
    assertThat(settled.formerCohort()).isEqualTo(OLD);
    assertThat(settled.hosts()).isEqualTo(HOSTS);
    assertThat(settled.now() / settled.before()).isCloseTo(1.4, within(0.05));
    // Found while most hosts still run the old kernel.
    assertThat(regressions.get(0).hosts()).isLessThan(HOSTS / 2);
    assertThat(found.values().stream().flatMap(List::stream))
        .allMatch(RolloutRegression.class::isInstance);
  }

  @ParameterizedTest
  @ValueSource(longs = {141, 142, 143, 144})
  void a_factor_shows_on_ten_hosts_that_hold_very_different_amounts(long seed) {
    SimulatedPopulation fleet = new SimulatedPopulation(HOSTS, seed).spread(1.2);
    for (int host = 0; host < 10; host++) {
      fleet.reboot(host, 18, NEW);
    }
    fleet.event(MAPS, (host, bucket, usual) -> host < 10 && bucket >= 18 ? 1.5 * usual : 0);

    assertThat(only(RolloutRegression.class, run(fleet, 40)))
        .isNotEmpty()
        .extracting(RolloutRegression::caller)
        .containsOnly(MAPS);
  }

  @ParameterizedTest
  @ValueSource(longs = {151, 152, 153, 154, 155, 156})
  void ten_unequal_hosts_that_change_kernel_and_nothing_else_are_no_regression(long seed) {
    SimulatedPopulation fleet = new SimulatedPopulation(HOSTS, seed).spread(1.2).noise(0.1, 0.01);
    for (int host = 0; host < 10; host++) {
      fleet.reboot(host, 18, NEW);
    }

    assertThat(all(fleet, 60)).isEmpty();
  }

  @Test
  void four_hosts_are_too_few_to_blame_a_kernel() {
    SimulatedPopulation fleet = new SimulatedPopulation(HOSTS, 8);
    for (int host = 0; host < 4; host++) {
      fleet.reboot(host, 18, NEW);
    }
    fleet.event(MAPS, (host, bucket, usual) -> host < 4 && bucket >= 18 ? usual : 0);

    assertThat(only(RolloutRegression.class, run(fleet, 40))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {111, 112, 113})
  void a_kernel_that_changes_nothing_is_no_regression_while_hosts_warm_up(long seed) {
    assertThat(all(rollout(new SimulatedPopulation(HOSTS, seed).warmUp(1)), 60)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {121, 122, 123})
  void a_new_name_for_the_same_bytes_is_a_rename_and_nothing_else(long seed) {
    SimulatedPopulation fleet =
        rollout(new SimulatedPopulation(HOSTS, seed).warmUp(0.5))
            .renamed("kernel_clone", "copy_process")
            .renamed("relay_open_buf", "relay_create_buf");

    List<FleetDetection> found = all(fleet, 60);

    assertThat(found).isNotEmpty().allMatch(CallerRenamed.class::isInstance);
    assertThat(found)
        .extracting(d -> ((CallerRenamed) d).formerCaller() + " -> " + d.caller())
        .contains("kernel_clone -> copy_process", "relay_open_buf -> relay_create_buf")
        .doesNotContain("relay_open_buf -> copy_process");
    assertThat(found.get(found.size() - 1).over()).isEqualTo("it has been known for a day");
  }

  @Test
  void a_new_name_that_holds_twice_the_bytes_is_a_regression_that_knows_the_old_name() {
    SimulatedPopulation fleet =
        rollout(new SimulatedPopulation(HOSTS, 9)).renamed("kernel_clone", "copy_process");
    fleet.event("kernel_clone", (host, bucket, usual) -> bucket >= upgradedAt(host) ? usual : 0);

    List<RolloutRegression> regressions = only(RolloutRegression.class, run(fleet, 60));

    assertThat(regressions).isNotEmpty();
    assertThat(regressions.get(0).now() / regressions.get(0).before()).isCloseTo(2, within(0.1));
    assertThat(regressions).extracting(RolloutRegression::cohort).containsOnly(NEW);
  }

  @Test
  void a_caller_the_fleet_never_showed_is_new_for_a_day() {
    SimulatedPopulation fleet =
        new SimulatedPopulation(HOSTS, 10)
            .event(
                "odd_alloc [odd]",
                (host, bucket, usual) -> host % 3 == 0 && bucket >= 18 ? 20 * MIB : 0);

    Map<Integer, List<FleetDetection>> found = run(fleet, 40);

    List<NewCaller> callers = only(NewCaller.class, found);
    assertThat(callers).extracting(NewCaller::caller).containsOnly("odd_alloc [odd]");
    assertThat(callers).extracting(NewCaller::role).containsOnly("");
    assertThat(bucketOf(callers.get(0), found)).isEqualTo(18);
    assertThat(callers.get(0).hosts()).isEqualTo(100);
    assertThat(callers).hasSize(7);
    assertThat(callers.get(6).over()).isNotEmpty();
  }

  @Test
  void a_caller_known_on_one_role_is_new_on_another() {
    SimulatedPopulation fleet =
        new SimulatedPopulation(HOSTS, 11)
            .event(
                "odd_alloc [odd]",
                (host, bucket, usual) ->
                    host % 10 == 0 || host % 10 == 1 && bucket >= 18 ? 20 * MIB : 0);

    assertThat(only(NewCaller.class, run(fleet, 40)))
        .extracting(NewCaller::role)
        .containsOnly("web")
        .hasSize(7);
  }

  @Test
  void nothing_is_new_while_the_fleet_is_being_learned() {
    SimulatedPopulation fleet =
        new SimulatedPopulation(HOSTS, 12)
            .event("odd_alloc [odd]", (host, bucket, usual) -> bucket >= 4 ? 20 * MIB : 0);

    assertThat(only(NewCaller.class, run(fleet, 24))).isEmpty();
  }

  private static int upgradedAt(int host) {
    return 18 + host / 20;
  }

  private static SimulatedPopulation rollout(SimulatedPopulation fleet) {
    for (int host = 0; host < HOSTS; host++) {
      fleet.reboot(host, upgradedAt(host), NEW);
    }
    return fleet;
  }

  private static Map<Integer, List<FleetDetection>> run(SimulatedPopulation fleet, int buckets) {
    return fleet.run(
        buckets, new FleetJudge(SimulatedPopulation.SETTINGS, FleetJudgeTest::purpose));
  }

  private static String purpose(String caller) {
    return switch (caller) {
      case "kernel_clone", "copy_process" -> "kernel-stacks";
      case "bpf_prog_alloc_no_stats" -> "bpf-programs";
      case MAPS -> "bpf-maps";
      case "load_module" -> "modules";
      default -> "";
    };
  }

  private static List<FleetDetection> all(SimulatedPopulation fleet, int buckets) {
    return run(fleet, buckets).values().stream().flatMap(List::stream).toList();
  }

  private static <T extends FleetDetection> List<T> only(
      Class<T> kind, Map<Integer, List<FleetDetection>> found) {
    List<T> those = new ArrayList<>();
    found
        .values()
        .forEach(all -> all.stream().filter(kind::isInstance).map(kind::cast).forEach(those::add));
    return those;
  }

  private static int bucketOf(FleetDetection one, Map<Integer, List<FleetDetection>> found) {
    return found.entrySet().stream()
        .filter(bucket -> bucket.getValue().contains(one))
        .findFirst()
        .orElseThrow()
        .getKey();
  }
}
