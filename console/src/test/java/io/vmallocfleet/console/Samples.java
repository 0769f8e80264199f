/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import com.datadoghq.sketch.ddsketch.encoding.GrowingByteArrayOutput;
import io.vmallocfleet.schemas.AddressMode;
import io.vmallocfleet.schemas.AddressWindow;
import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.AlertState;
import io.vmallocfleet.schemas.CallerUsage;
import io.vmallocfleet.schemas.CallerWindow;
import io.vmallocfleet.schemas.Cohort;
import io.vmallocfleet.schemas.Distribution;
import io.vmallocfleet.schemas.Evidence;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.HostMemory;
import io.vmallocfleet.schemas.HostUse;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.Region;
import io.vmallocfleet.schemas.Severity;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.Transition;
import io.vmallocfleet.schemas.UnusableFreeSpace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Records as the jobs write them. Windows are of a minute; window 0 begins at noon. */
public final class Samples {
  static {
    SingleObject.trustOwnClasses(); // the builder takes enum defaults from the schema
  }

  public static final long MINUTE = 60_000;
  public static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  public static final Cohort OLD = new Cohort("6.12.9", "#1 SMP", "x86_64");
  public static final Cohort NEW = new Cohort("6.18.44", "#1 SMP PREEMPT_DYNAMIC", "x86_64");
  private static final SingleObject<HostWindow> HOSTS = new SingleObject<>(HostWindow.class);

  private Samples() {}

  public static Instant end(int window) {
    return NOON.plusMillis(MINUTE * (window + 1));
  }

  public static byte[] encoded(HostWindow window) {
    return HOSTS.encode(window);
  }

  public static CallerUsage usage(String function, long bytes) {
    return new CallerUsage(function, "", bytes / 20_480 + 1, bytes, bytes + 4096);
  }

  public static HostWindow.Builder host(String name, int window, CallerUsage... callers) {
    long bytes = Arrays.stream(callers).mapToLong(CallerUsage::getBytes).sum();
    return HostWindow.newBuilder()
        .setHostId(name + "-id")
        .setHostname(name)
        .setCohort(NEW)
        .setBootId("boot-1")
        .setWindowStart(end(window).minusMillis(MINUTE))
        .setWindowEnd(end(window))
        .setSnapshots(6)
        .setTakenAt(end(window).minusMillis(5_000))
        .setAddressMode(AddressMode.REAL)
        .setAreas(700)
        .setBytes(bytes)
        .setMappedBytes(bytes + 700 * 4096)
        .setGuardBytes(700 * 4096)
        .setUnpurgedAreas(35)
        .setUnpurgedBytes(35 * 20_480)
        .setMalformedLines(0)
        .setMemory(new HostMemory(16L << 30, 32L << 40, 1L << 24, 1L << 22, 512L << 20))
        .setWindows(
            List.of(
                AddressWindow.newBuilder()
                    .setRegion(Region.VMALLOC)
                    .setAreas(700)
                    .setUsedBytes(bytes)
                    .setRuns(202L)
                    .setSpanBytes(bytes + 7_561_216)
                    .setHoles(201L)
                    .setHoleBytes(7_561_216L)
                    .setLargestHoleBytes(831_488L)
                    .setUnusableFreeSpace(
                        List.of(
                            new UnusableFreeSpace(69_632L, 0.07),
                            new UnusableFreeSpace(1_052_672L, 1.0)))
                    .build()))
        .setTopCallers(List.of(callers))
        .setCallers(callers.length);
  }

  public static CallerWindow caller(String function, int window, Cohort cohort, HostUse... hosts) {
    DDSketch sketch = DDSketches.logarithmicCollapsingLowestDense(0.01, 2048);
    Arrays.stream(hosts).forEach(host -> sketch.accept(host.getBytes()));
    double[] quantiles = sketch.getValuesAtQuantiles(new double[] {0.5, 0.9, 0.99});
    long bytes = Arrays.stream(hosts).mapToLong(HostUse::getBytes).sum();
    return CallerWindow.newBuilder()
        .setFunction(function)
        .setModule("")
        .setCohort(cohort)
        .setWindowStart(end(window).minusMillis(MINUTE))
        .setWindowEnd(end(window))
        .setHosts(hosts.length)
        .setAreas(Arrays.stream(hosts).mapToLong(HostUse::getAreas).sum())
        .setBytes(bytes)
        .setMappedBytes(bytes)
        .setBytesPerHost(
            new Distribution(
                sketch.getMinValue(),
                quantiles[0],
                quantiles[1],
                quantiles[2],
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
      throw new UncheckedIOException("writing to memory", e);
    }
    return ByteBuffer.wrap(out.trimmedCopy());
  }

  public static HostUse on(String host, long bytes) {
    return new HostUse(host + "-id", host, bytes, bytes / 20_480 + 1);
  }

  public static Finding.Builder leak(String fingerprint, String host, String function) {
    return Finding.newBuilder()
        .setFingerprint(fingerprint)
        .setKind(FindingKind.LEAK)
        .setHostId(host + "-id")
        .setHostname(host)
        .setBootId("boot-1")
        .setFunction(function)
        .setModule("")
        .setCohort(NEW)
        .setWindowStart(end(9))
        .setWindowEnd(end(10))
        .setSince(NOON)
        .setSentence("%s on %s keeps growing".formatted(function, host))
        .setEvidence(
            new Evidence(
                400L << 20, 8L << 20, 7e9, 5.1, List.of(8L << 20, 200L << 20, 400L << 20), MINUTE));
  }

  public static Alert.Builder firing(Finding finding) {
    return Alert.newBuilder()
        .setFingerprint(finding.getFingerprint())
        .setState(AlertState.FIRING)
        .setSeverity(Severity.PAGE)
        .setOwner("kernel-team")
        .setLabels(
            Map.of(
                "alertname",
                "LEAK",
                "host",
                finding.getHostname(),
                "caller",
                finding.getFunction()))
        .setPendingSince(end(8))
        .setFiringSince(end(9))
        .setUpdatedAt(end(10))
        .setTransitions(
            List.of(
                new Transition(end(8), AlertState.UNKNOWN, AlertState.PENDING, "first seen", ""),
                new Transition(
                    end(9), AlertState.PENDING, AlertState.FIRING, "held for a minute", "")))
        .setFinding(finding);
  }
}
