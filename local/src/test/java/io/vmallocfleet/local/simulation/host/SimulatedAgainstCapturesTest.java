/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.agent.Snapshots;
import io.vmallocfleet.agent.snapshot.SnapshotEncoder;
import io.vmallocfleet.agent.vmallocinfo.ParserLimits;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoParser;
import io.vmallocfleet.schemas.Area;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.VmallocSnapshot;
import io.vmallocfleet.schemas.snapshot.SnapshotWriter;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Simulated hosts beside the captures they are made from: how many callers, how large areas are,
 * how they lie. {@code main} prints the table of docs/simulate.md.
 */
class SimulatedAgainstCapturesTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final int HOSTS = 9;

  /**
   * One host at one moment.
   *
   * @param adjoining share of the areas that begin where the one before ends, guard page included
   */
  private record Statistics(
      long areas,
      long callers,
      long mib,
      long smallKib,
      long medianKib,
      long largeKib,
      double adjoining,
      long medianGapKib,
      long largeGapKib) {

    static Statistics of(VmallocSnapshot snapshot) {
      List<Area> areas = snapshot.getAreas();
      long[] sizes = areas.stream().mapToLong(Area::getSize).sorted().toArray();
      long[] known = areas.stream().mapToLong(Area::getGap).filter(g -> g >= 0).toArray();
      // Beyond 1 GiB lie the regions of the architecture, not what an allocator leaves.
      long[] gaps = LongStream.of(known).filter(g -> g > 0 && g < 1L << 30).sorted().toArray();
      return new Statistics(
          areas.size(),
          snapshot.getCallSites().stream()
              .map(c -> c.getFunction() + c.getModule())
              .distinct()
              .count(),
          areas.stream().mapToLong(Area::getSize).sum() >> 20,
          quantile(sizes, 0.1) >> 10,
          quantile(sizes, 0.5) >> 10,
          quantile(sizes, 0.9) >> 10,
          LongStream.of(known).filter(g -> g == 0).count() / (double) Math.max(1, known.length),
          quantile(gaps, 0.5) >> 10,
          quantile(gaps, 0.9) >> 10);
    }

    private static long quantile(long[] ascending, double share) {
      return ascending.length == 0 ? 0 : ascending[(int) (share * (ascending.length - 1))];
    }

    String row(String name) {
      return String.format(
          Locale.ROOT,
          "| %s | %,d | %d | %,d | %d | %d | %d | %.0f %% | %d | %,d |",
          name,
          areas,
          callers,
          mib,
          smallKib,
          medianKib,
          largeKib,
          100 * adjoining,
          medianGapKib,
          largeGapKib);
    }
  }

  public static void main(String[] args) throws Exception {
    System.out.println(
        "| | areas | callers | MiB | size p10, KiB | median | p90 | adjoining | gap median, KiB |"
            + " p90 |");
    System.out.println("|---|---|---|---|---|---|---|---|---|---|");
    for (String generation : List.of("5.8", "6.18")) {
      System.out.println(captured(generation).row("capture " + generation));
      for (Role role : List.of(Role.WEB, Role.KUBERNETES)) {
        System.out.println(
            simulated(generation, role)
                .row("simulated %s, %s".formatted(generation, role.label())));
      }
    }
  }

  @Test
  void sizes_and_gaps_are_those_of_the_captures_within_a_factor() throws Exception {
    for (String generation : List.of("5.8", "6.18")) {
      Statistics real = captured(generation);
      Statistics made = simulated(generation, Role.WEB);

      assertThat(made.callers()).isBetween(real.callers(), 6 * real.callers());
      assertThat((double) made.medianKib() / real.medianKib()).isBetween(1 / 2.0, 2.0);
      assertThat((double) made.areas() / real.areas()).isBetween(1 / 3.0, 3.0);
      assertThat(made.adjoining() - real.adjoining()).isBetween(-0.5, 0.5);
    }
  }

  private static Statistics captured(String generation) throws Exception {
    byte[] text;
    try (InputStream in = HostLife.class.getResourceAsStream("../x86_64-" + generation + ".txt")) {
      text = in.readAllBytes();
    }
    var parser = new VmallocinfoParser(ParserLimits.longRunning());
    HostLife any = new HostLives().begin(hosts(generation, Role.WEB).get(0), List.of(), START);
    byte[] snapshot =
        new Snapshots(any.identity(), new SnapshotEncoder(true))
            .of(
                parser.parse(text, text.length),
                new Snapshots.Circumstances(0, 0, 0, 0, 0, any.budget()));
    return Statistics.of(decoded(snapshot));
  }

  /** The host in the middle, by areas, after two days. */
  private static Statistics simulated(String generation, Role role) throws Exception {
    List<Statistics> all = new ArrayList<>();
    for (HostPlan plan : hosts(generation, role)) {
      HostLife life = new HostLives().begin(plan, List.of(), START);
      for (int hour = 1; hour <= 48; hour++) {
        life.live(START.plus(Duration.ofHours(hour)), 1);
      }
      List<Delivered> sent = new ArrayList<>();
      new SimulatedAgent(life, List.of())
          .read(
              START.plus(Duration.ofHours(48)),
              new SnapshotWriter(SnapshotWriter.DEFAULT_MAX_BYTES),
              sent::add);
      all.add(Statistics.of(decoded(sent.get(0).snapshot())));
    }
    Statistics[] sorted = all.toArray(Statistics[]::new);
    Arrays.sort(sorted, Comparator.comparingLong(Statistics::areas));
    return sorted[sorted.length / 2];
  }

  private static List<HostPlan> hosts(String generation, Role role) {
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(i -> HostPlan.of(7, i))
        .filter(p -> p.role() == role && p.build().release().startsWith(generation))
        .limit(HOSTS)
        .toList();
  }

  private static VmallocSnapshot decoded(byte[] snapshot) throws Exception {
    return new SingleObject<>(VmallocSnapshot.class).decode(snapshot);
  }
}
