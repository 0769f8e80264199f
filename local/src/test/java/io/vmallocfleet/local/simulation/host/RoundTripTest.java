/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.agent.Snapshots;
import io.vmallocfleet.agent.snapshot.SnapshotEncoder;
import io.vmallocfleet.agent.vmallocinfo.AddressMode;
import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import io.vmallocfleet.agent.vmallocinfo.ParserLimits;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoParser;
import io.vmallocfleet.local.simulation.Effect;
import io.vmallocfleet.schemas.Area;
import io.vmallocfleet.schemas.CallSite;
import io.vmallocfleet.schemas.CallSiteChurn;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.VmallocSnapshot;
import io.vmallocfleet.schemas.snapshot.Region;
import io.vmallocfleet.schemas.snapshot.SnapshotWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the simulator writes straight into snapshots is what the agent makes of the same host
 * printed as {@code /proc/vmallocinfo}.
 */
class RoundTripTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final Duration STEP = Duration.ofMinutes(5);

  private final HostLives lives = new HostLives();
  private final VmallocinfoParser parser = new VmallocinfoParser(ParserLimits.longRunning());
  private final SnapshotWriter writer = new SnapshotWriter(SnapshotWriter.DEFAULT_MAX_BYTES);
  private final SingleObject<VmallocSnapshot> codec = new SingleObject<>(VmallocSnapshot.class);

  @ParameterizedTest
  @EnumSource
  void a_simulated_snapshot_is_what_the_agent_makes_of_the_printed_file(Role role)
      throws Exception {
    for (HostPlan plan : some(role, 3)) {
      var host = new Both(plan, List.of());
      for (int i = 1; i <= 24; i++) {
        host.compareAt(START.plus(STEP.multipliedBy(i)));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void also_while_a_scenario_lets_it_leak_jump_fill_churn_and_break_up(Role role) throws Exception {
    Instant from = START.plus(Duration.ofMinutes(42));
    Instant until = START.plus(Duration.ofHours(4));
    boolean appliance = role == Role.APPLIANCE;
    List<Effect> effects =
        new ArrayList<>(
            List.of(
                new Effect.Leak(
                    "leaky", "mod", Region.VMALLOC, from, until, 20e6, Long.MAX_VALUE, 16),
                new Effect.Step("jumpy", "", Region.VMALLOC, from, until, 1 << 20, 8),
                new Effect.Fill(
                    "filly", "", Region.MODULES, from, until, 1 << 20, Duration.ofHours(1), 3),
                new Effect.Churn("bpf_prog_alloc_no_stats", "", from, until, 2000),
                new Effect.Scale("htab_map_alloc", "", from, until, 1.5),
                new Effect.Reboot(START.plus(Duration.ofMinutes(181)))));
    if (!appliance) {
      effects.add(
          new Effect.Leak("pcpu_get_vm_areas", "", Region.PERCPU, from, until, 50e6, 1 << 30, 512));
    } else {
      effects.add(new Effect.Shatter("shatter", "", Region.VMALLOC, from, until, 0.95, 128));
    }

    for (HostPlan plan : some(role, 2)) {
      var host = new Both(plan, effects);
      for (int i = 1; i <= 60; i++) {
        host.compareAt(START.plus(STEP.multipliedBy(i)));
      }
    }
  }

  @Test
  void servers_show_sixty_callers_or_more() throws Exception {
    for (Role role : Role.values()) {
      for (HostPlan plan : some(role, 3)) {
        HostLife life = lives.begin(plan, List.of(), START);
        life.live(START.plus(STEP), 1);
        AreaTable table = parse(life);
        long callers = IntStream.range(0, table.rows()).map(table::callSite).distinct().count();

        assertThat(callers).as("%s", plan).isBetween(role == Role.APPLIANCE ? 15L : 60L, 150L);
      }
    }
  }

  private List<HostPlan> some(Role role, int count) {
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(i -> HostPlan.of(7, i))
        .filter(p -> p.role() == role)
        .limit(count)
        .toList();
  }

  private AreaTable parse(HostLife life) {
    byte[] text = life.text();
    return parser.parse(text, text.length);
  }

  /** One host, seen by the simulated agent and, printed, by the real one. */
  private final class Both {
    private final HostLife life;
    private final SimulatedAgent simulated;
    private Snapshots real;
    private int boots;

    private Both(HostPlan plan, List<Effect> effects) {
      life = lives.begin(plan, effects, START);
      simulated = new SimulatedAgent(life, effects);
    }

    private void compareAt(Instant now) throws Exception {
      life.live(now, 1.1);
      List<Delivered> sent = new ArrayList<>();
      simulated.read(now, writer, sent::add);
      if (sent.isEmpty()) {
        assertThat(life.isUp()).isFalse();
        return;
      }
      if (life.boots() != boots) {
        boots = life.boots();
        real = new Snapshots(life.identity(), new SnapshotEncoder(true));
      }
      AreaTable table = parse(life);
      assertThat(table.malformed()).isZero();
      assertThat(table.duplicates()).isZero();
      assertThat(table.mode()).isEqualTo(AddressMode.REAL);
      byte[] printed =
          real.of(
              table,
              new Snapshots.Circumstances(sent.get(0).takenAtMicros(), 0, 0, 0, 0, life.budget()));

      VmallocSnapshot expected = codec.decode(printed);
      VmallocSnapshot actual = codec.decode(sent.get(0).snapshot());
      assertThat(actual.getHost()).isEqualTo(expected.getHost());
      assertThat(actual.getSequence()).isEqualTo(expected.getSequence());
      assertThat(actual.getTakenAt()).isEqualTo(expected.getTakenAt());
      assertThat(actual.getMemory()).isEqualTo(expected.getMemory());
      assertThat(areas(actual)).isEqualTo(areas(expected));
      assertThat(churn(actual)).isEqualTo(churn(expected));
    }
  }

  /** The areas with their callers: an index means nothing beyond its dictionary. */
  private static List<String> areas(VmallocSnapshot snapshot) {
    return snapshot.getAreas().stream().map(a -> area(snapshot, a)).toList();
  }

  private static String area(VmallocSnapshot snapshot, Area a) {
    return "%s %s gap=%d size=%d pages=%d flags=%d phys=%x %s %s"
        .formatted(
            site(snapshot, a.getCallSite()),
            a.getRegion(),
            a.getGap(),
            a.getSize(),
            a.getPages(),
            a.getFlags(),
            a.getPhys(),
            a.getNuma(),
            a.getWords());
  }

  private static Map<String, String> churn(VmallocSnapshot snapshot) {
    Map<String, String> churn = new TreeMap<>();
    for (CallSiteChurn c : snapshot.getChurn()) {
      churn.put(site(snapshot, c.getCallSite()), "+%d -%d".formatted(c.getAdded(), c.getRemoved()));
    }
    return churn;
  }

  private static String site(VmallocSnapshot snapshot, int index) {
    CallSite site = index < 0 ? null : snapshot.getCallSites().get(index);
    return site == null ? "-" : site.toString();
  }
}
