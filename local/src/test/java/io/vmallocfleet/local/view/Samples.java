/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.view;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import com.datadoghq.sketch.ddsketch.encoding.GrowingByteArrayOutput;
import io.vmallocfleet.schemas.AddressMode;
import io.vmallocfleet.schemas.AddressWindow;
import io.vmallocfleet.schemas.CallerUsage;
import io.vmallocfleet.schemas.CallerWindow;
import io.vmallocfleet.schemas.Cohort;
import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.DeadLetterReason;
import io.vmallocfleet.schemas.Distribution;
import io.vmallocfleet.schemas.Evidence;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.HostMemory;
import io.vmallocfleet.schemas.HostUse;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.Region;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.UnusableFreeSpace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Records as the pipeline writes them. Windows are of ten seconds; window 0 begins at noon. */
final class Samples {
  static {
    SingleObject.trustOwnClasses(); // the builder takes enum defaults from the schema
  }

  static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  static final Clock CLOCK = Clock.fixed(NOON.plusSeconds(34), ZoneOffset.UTC);
  static final Cohort COHORT = new Cohort("6.18.44", "#1 SMP PREEMPT_DYNAMIC @0", "x86_64");
  static final Cohort OTHER_COHORT = new Cohort("6.12.9", "#1 SMP", "x86_64");
  static final Run RUN = run(null);

  private Samples() {}

  static Run run(String sample) {
    return new Run(
        "http://127.0.0.1:8081",
        "127.0.0.1:9092",
        URI.create("http://127.0.0.1:8083"),
        Path.of("/home/ada/.vmalloc-fleet"),
        NOON.minusSeconds(96),
        Duration.ofSeconds(10),
        Duration.ofSeconds(5),
        "vm-01-id",
        sample);
  }

  static Instant start(int window) {
    return NOON.plusSeconds(10L * window);
  }

  /** A host with those callers, whose sums are its own. */
  static HostWindow.Builder host(String name, int window, CallerUsage... callers) {
    long areas = Arrays.stream(callers).mapToLong(CallerUsage::getAreas).sum();
    return HostWindow.newBuilder()
        .setHostId(name + "-id")
        .setHostname(name)
        .setCohort(COHORT)
        .setBootId("boot-1")
        .setWindowStart(start(window))
        .setWindowEnd(start(window + 1))
        .setSnapshots(2)
        .setTakenAt(start(window).plusSeconds(8))
        .setAddressMode(AddressMode.HASHED)
        .setAreas(areas)
        .setBytes(Arrays.stream(callers).mapToLong(CallerUsage::getBytes).sum())
        .setMappedBytes(Arrays.stream(callers).mapToLong(CallerUsage::getMappedBytes).sum())
        .setGuardBytes(areas * 4096)
        .setUnpurgedAreas(35)
        .setUnpurgedBytes(35 * 20_480)
        .setMalformedLines(0)
        .setMemory(new HostMemory(24_868_192_256L, 35_184_372_087_808L, 1L, 1L, 1L))
        .setWindows(List.of(hashed()))
        .setTopCallers(List.of(callers))
        .setCallers(callers.length);
  }

  static CallerUsage caller(String function, String module, long areas, long pages) {
    return new CallerUsage(function, module, areas, pages * 4096, pages * 4096 + areas * 4096);
  }

  private static AddressWindow hashed() {
    return AddressWindow.newBuilder()
        .setRegion(Region.UNKNOWN)
        .setAreas(736)
        .setUsedBytes(18_000_000)
        .setRuns(412L)
        .build();
  }

  static AddressWindow real(Region region, long used, long holes, long inHoles, long largest) {
    return AddressWindow.newBuilder()
        .setRegion(region)
        .setAreas(700)
        .setUsedBytes(used)
        .setRuns(holes + 1)
        .setSpanBytes(used + inHoles)
        .setHoles(holes)
        .setHoleBytes(inHoles)
        .setLargestHoleBytes(largest)
        .setUnusableFreeSpace(
            List.of(
                new UnusableFreeSpace(69_632L, 0.07),
                new UnusableFreeSpace(1_052_672L, 0.412),
                new UnusableFreeSpace(2_101_248L, 1.0)))
        .build();
  }

  /** A dozen callers as a small virtual machine has them. */
  static CallerUsage[] callers(long stacks) {
    return new CallerUsage[] {
      caller("kernel_clone", "", stacks, stacks * 4),
      caller("alloc_large_system_hash", "", 9, 700),
      caller("load_module", "", 31, 612),
      caller("bpf_prog_alloc_no_stats", "", 64, 64),
      caller("nf_tables_transaction_abort_all_and_more", "nf_tables", 2, 40),
      caller("htab_map_alloc", "", 3, 31),
      caller("n_tty_open", "", 6, 18),
      caller("xz_dec_lzma2_create", "", 1, 8),
      caller("pcpu_create_chunk", "", 4, 0),
      caller("acpi_os_map_iomem", "", 12, 0),
      caller("vp_modern_map_capability", "", 66, 0),
      caller("memremap", "", 1, 0)
    };
  }

  static CallerWindow callers(String function, int window, Cohort cohort, HostUse... hosts) {
    DDSketch sketch = DDSketches.logarithmicCollapsingLowestDense(0.01, 2048);
    Arrays.stream(hosts).forEach(host -> sketch.accept(host.getBytes()));
    long areas = Arrays.stream(hosts).mapToLong(HostUse::getAreas).sum();
    long bytes = Arrays.stream(hosts).mapToLong(HostUse::getBytes).sum();
    return CallerWindow.newBuilder()
        .setFunction(function)
        .setModule("")
        .setCohort(cohort)
        .setWindowStart(start(window))
        .setWindowEnd(start(window + 1))
        .setHosts(hosts.length)
        .setAreas(areas)
        .setBytes(bytes)
        .setMappedBytes(bytes + areas * 4096)
        .setBytesPerHost(
            new Distribution(
                sketch.getMinValue(),
                sketch.getValueAtQuantile(0.5),
                sketch.getValueAtQuantile(0.9),
                sketch.getValueAtQuantile(0.99),
                sketch.getMaxValue(),
                encoded(sketch)))
        .setTopHosts(List.of(hosts))
        .build();
  }

  private static ByteBuffer encoded(DDSketch sketch) {
    var out = GrowingByteArrayOutput.withDefaultInitialCapacity();
    try {
      sketch.encode(out, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ByteBuffer.wrap(out.trimmedCopy());
  }

  static HostUse use(String host, long areas, long pages) {
    return new HostUse(host + "-id", host, pages * 4096, areas);
  }

  static Finding finding(FindingKind kind, String host, int window, String sentence) {
    return Finding.newBuilder()
        .setFingerprint("%032x".formatted((kind + host + sentence).hashCode() & 0xffff_ffffL))
        .setKind(kind)
        .setHostId(host + "-id")
        .setHostname(host)
        .setBootId("boot-1")
        .setFunction("htab_map_alloc")
        .setModule("")
        .setCohort(COHORT)
        .setWindowStart(start(window))
        .setWindowEnd(start(window + 1))
        .setSince(NOON.minusSeconds(1200))
        .setSentence(sentence)
        .setEvidence(new Evidence(35_756_442L, 2_202_009L, 12_582_912.0, 4.2, List.of(1L), 10_000L))
        .build();
  }

  static DeadLetter deadLetter() {
    return new DeadLetter(
        "vmalloc.snapshots",
        0,
        17L,
        NOON,
        DeadLetterReason.UNDECODABLE,
        "9 bytes do not begin with the single-object marker c301",
        null);
  }

  /** This host in windows 0 to 2, with its stacks growing by four areas in the last. */
  static FleetState oneHost(AddressMode mode, AddressWindow... windows) {
    FleetState.Change change = FleetState.EMPTY.change();
    for (int window = 0; window < 3; window++) {
      HostWindow.Builder host = host("vm-01", window, callers(window == 2 ? 194 : 190));
      host.setAddressMode(mode);
      if (windows.length > 0) {
        host.setWindows(List.of(windows));
      }
      change.add(host.build());
    }
    return change.done();
  }

  /** That, with {@code others} simulated hosts that hold stacks only, and window 2 of the fleet. */
  static FleetState fleet(FleetState state, int others) {
    FleetState.Change change = state.change();
    HostUse[] stacks =
        IntStream.rangeClosed(0, others)
            .mapToObj(
                i ->
                    i == 0
                        ? use("vm-01", 194, 776)
                        : use("sim-%02d".formatted(i), 100L * i, 400L * i))
            .toArray(HostUse[]::new);
    for (int i = 1; i <= others; i++) {
      change.add(
          host("sim-%02d".formatted(i), 2, caller("kernel_clone", "", 100L * i, 400L * i)).build());
    }
    change.add(callers("kernel_clone", 2, COHORT, stacks));
    for (CallerUsage caller : callers(0)) {
      if (caller.getBytes() > 0) {
        change.add(
            callers(
                caller.getFunction(),
                2,
                COHORT,
                use("vm-01", caller.getAreas(), caller.getBytes() / 4096)));
      }
    }
    // A later window has begun, so window 2 is complete.
    return change.add(callers("memremap", 3, COHORT, use("vm-01", 1, 0))).done();
  }

  static FleetState withFindings(FleetState state) {
    return state
        .change()
        .add(finding(FindingKind.LEAK, "sim-07", 1, LEAK))
        .add(finding(FindingKind.LEAK, "sim-07", 2, LEAK))
        .add(finding(FindingKind.JUMP, "vm-01", 2, JUMP))
        .done();
  }

  private static final String LEAK =
      "htab_map_alloc on sim-07 holds 34.1 MiB and has kept growing since 11:40:00, by 32.0 MiB so"
          + " far, 12.0 MiB an hour.";
  private static final String JUMP =
      "kernel_clone on vm-01 rose by 16.0 KiB in one step at 12:00:20, from 3.0 MiB, and stayed"
          + " there.";
}
