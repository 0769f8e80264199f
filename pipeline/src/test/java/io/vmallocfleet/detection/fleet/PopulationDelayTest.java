/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.detection.fleet.FleetDetection.FleetLeak;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * How much sooner many hosts show a leak than one can: days from its beginning until it is told, by
 * slope and by how many hosts leak, the median of five fleets. A slope is in standard deviations of
 * the noise of a host, a day; a host alone needs a median of 6.7 days at one, see {@code
 * CalibrationTest}. Nothing here is a wish; docs/quality.md shows the table.
 */
class PopulationDelayTest {
  private static final String MAPS = "htab_map_alloc";
  private static final int ONSET = 18;
  private static final int DAYS = 14;
  private static final int FLEETS = 5;

  /** 2 % of 120 MiB, with the heavy tail and the memory that {@link SimulatedPopulation} has. */
  private static final double SIGMA = 0.0237 * 120 * SimulatedPopulation.MIB;

  @Test
  void a_leak_of_one_sigma_a_day_is_told_within_days_by_twenty_hosts_and_slower_ones_by_more() {
    List<String> rows = new ArrayList<>();
    rows.add("sigma a day   20 hosts   50 hosts  200 hosts");
    for (double slope : new double[] {0.1, 0.25, 0.5, 1, 2}) {
      var row = new StringBuilder("%11.2f".formatted(slope));
      for (int hosts : new int[] {20, 50, 200}) {
        row.append("%11s".formatted(medianDelay(hosts, slope)));
      }
      rows.add(row.toString());
    }

    assertThat(String.join("\n", rows))
        .isEqualTo(
            """
            sigma a day   20 hosts   50 hosts  200 hosts
                   0.10          -          -          -
                   0.25          -        5.7        4.0
                   0.50        5.5        3.0        2.2
                   1.00        3.2        2.0        1.3
                   2.00        1.7        1.3        1.3""");
  }

  private static String medianDelay(int hosts, double slope) {
    List<Double> delays = new ArrayList<>();
    for (int fleet = 0; fleet < FLEETS; fleet++) {
      delays.add(delay(hosts, slope, 1000 + fleet));
    }
    delays.sort(null);
    double median = delays.get(FLEETS / 2);
    return Double.isInfinite(median) ? "-" : "%.1f".formatted(median);
  }

  private static double delay(int hosts, double slope, long seed) {
    SimulatedPopulation fleet =
        new SimulatedPopulation(hosts, seed)
            .event(
                MAPS,
                (host, bucket, usual) ->
                    bucket < ONSET ? 0 : slope * SIGMA * (bucket - ONSET) / 6.0);
    Map<Integer, List<FleetDetection>> found =
        fleet.run(ONSET + 6 * DAYS, new FleetJudge(SimulatedPopulation.SETTINGS, caller -> ""));
    return found.entrySet().stream()
        .filter(e -> e.getKey() > ONSET)
        .filter(
            e ->
                e.getValue().stream()
                    .anyMatch(d -> d instanceof FleetLeak leak && leak.caller().equals(MAPS)))
        .mapToDouble(e -> (e.getKey() + 1 - ONSET) / 6.0)
        .findFirst()
        .orElse(Double.POSITIVE_INFINITY);
  }
}
