/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.schemas.AddressMode;
import io.vmallocfleet.schemas.CallSite;
import io.vmallocfleet.schemas.CallerUsage;
import io.vmallocfleet.schemas.CallerWindow;
import io.vmallocfleet.schemas.Cohort;
import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.DeadLetterReason;
import io.vmallocfleet.schemas.Distribution;
import io.vmallocfleet.schemas.Evidence;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.Host;
import io.vmallocfleet.schemas.HostMemory;
import io.vmallocfleet.schemas.HostUse;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.Rule;
import io.vmallocfleet.schemas.RuleKind;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.VmallocSnapshot;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HumanLineTest {
  static {
    SingleObject.trustOwnClasses(); // the builder takes enum defaults from the schema
  }

  private static final Instant START = Instant.parse("2026-11-23T12:00:10Z");
  private static final Instant END = Instant.parse("2026-11-23T12:00:20Z");
  private static final Cohort COHORT = new Cohort("6.18.44", "#1 SMP", "x86_64");

  private final HumanLine line = new HumanLine(ZoneOffset.UTC);

  @Test
  void a_host_window_tells_memory_and_the_largest_caller() {
    assertThat(line.of(hostWindow().build()))
        .isEqualTo(
            "2026-11-23 12:00:20  vm-01  13.8 MiB in 701 areas of 27 callers, most by fh_ioremap [isp] (3.0 MiB)");
  }

  @Test
  void a_blind_host_window_tells_why() {
    assertThat(line.of(hostWindow().setBlind("no permission").build()))
        .isEqualTo("2026-11-23 12:00:20  vm-01  blind: no permission");
  }

  @Test
  void a_rule_tells_who_and_why() {
    var rule =
        Rule.newBuilder()
            .setRuleId("mute/7")
            .setKind(RuleKind.MUTE)
            .setAt(END)
            .setBy("ada")
            .setWhy("known, being mended");

    assertThat(line.of(rule.build()))
        .isEqualTo("2026-11-23 12:00:20  mute/7 by ada: known, being mended");
    assertThat(line.of(rule.setActive(false).build()))
        .isEqualTo("2026-11-23 12:00:20  mute/7 withdrawn by ada: known, being mended");
  }

  @Test
  void a_caller_window_tells_its_spread() {
    var callers =
        CallerWindow.newBuilder()
            .setFunction("kernel_clone")
            .setModule("")
            .setCohort(COHORT)
            .setWindowStart(START)
            .setWindowEnd(END)
            .setHosts(10)
            .setAreas(4694)
            .setBytes(76_906_496)
            .setMappedBytes(80_000_000)
            .setBytesPerHost(
                new Distribution(1.0, 6_520_574.0, 2.0, 3.0, 4.0, ByteBuffer.allocate(0)))
            .setTopHosts(List.of(new HostUse("id", "sim-09", 14_745_600L, 900L)))
            .build();

    assertThat(line.of(callers))
        .isEqualTo(
            "2026-11-23 12:00:20  kernel_clone  73.3 MiB in 4694 areas on 10 hosts with kernel 6.18.44, median 6.2 MiB, most on sim-09 (14.1 MiB)");
  }

  @Test
  void a_finding_is_its_sentence() {
    var finding =
        Finding.newBuilder()
            .setFingerprint("f")
            .setKind(FindingKind.LEAK)
            .setFunction("htab_map_alloc")
            .setModule("")
            .setCohort(COHORT)
            .setWindowStart(START)
            .setWindowEnd(END)
            .setSince(START)
            .setSentence("It \u001b[31mgrows.")
            .setEvidence(new Evidence(1L, 1L, null, 1.0, List.of(), 1L))
            .build();

    assertThat(line.of(finding)).isEqualTo("2026-11-23 12:00:20  LEAK  It ?[31mgrows.");
  }

  @Test
  void a_dead_letter_tells_where_it_came_from() {
    var letter =
        new DeadLetter(
            "vmalloc.snapshots", 0, 17L, END, DeadLetterReason.UNDECODABLE, "cut short", null);

    assertThat(line.of(letter))
        .isEqualTo(
            "2026-11-23 12:00:20  UNDECODABLE  vmalloc.snapshots partition 0 offset 17: cut short");
  }

  @Test
  void a_snapshot_is_summed_up() {
    assertThat(line.of(snapshot(null)))
        .isEqualTo(
            "2026-11-23 12:00:20  vm-01  snapshot 17: 0 areas of 1 call site, addresses HASHED, read in 900 us");
    assertThat(line.of(snapshot("no permission")))
        .isEqualTo("2026-11-23 12:00:20  vm-01  snapshot 17, blind: no permission");
  }

  @Test
  void times_are_those_of_the_reader() {
    assertThat(new HumanLine(ZoneId.of("Europe/Berlin")).of(hostWindow().build()))
        .startsWith("2026-11-23 13:00:20  ");
  }

  private static HostWindow.Builder hostWindow() {
    return HostWindow.newBuilder()
        .setHostId("id")
        .setHostname("vm-01")
        .setCohort(COHORT)
        .setBootId("boot")
        .setWindowStart(START)
        .setWindowEnd(END)
        .setSnapshots(2)
        .setTakenAt(START)
        .setAddressMode(AddressMode.HASHED)
        .setAreas(701)
        .setBytes(14_462_976)
        .setMappedBytes(20_000_000)
        .setGuardBytes(0)
        .setUnpurgedAreas(0)
        .setUnpurgedBytes(0)
        .setMalformedLines(0)
        .setMemory(new HostMemory(1L, 1L, 1L, 1L, 1L))
        .setWindows(List.of())
        .setTopCallers(List.of(new CallerUsage("fh_ioremap", "isp", 190L, 3_112_960L, 1L)))
        .setCallers(27);
  }

  private static VmallocSnapshot snapshot(String blind) {
    return VmallocSnapshot.newBuilder()
        .setHost(new Host("id", "vm-01", "boot", "6.18.44", "#1 SMP", "x86_64", 4096, 2, Map.of()))
        .setAgentRun("run")
        .setSequence(17)
        .setTakenAt(END)
        .setReadMicros(900)
        .setParseMicros(400)
        .setAddressMode(AddressMode.HASHED)
        .setBlind(blind)
        .setDroppedBefore(0)
        .setSkippedBefore(0)
        .setMalformedLines(0)
        .setMalformedSamples(List.of())
        .setDuplicateLines(0)
        .setOmittedAreas(0)
        .setMemory(new HostMemory(1L, 1L, 1L, 1L, 1L))
        .setCallSites(List.of(new CallSite("kernel_clone", "", "", 1L, 2L)))
        .setAreas(List.of())
        .setChurn(List.of())
        .build();
  }
}
