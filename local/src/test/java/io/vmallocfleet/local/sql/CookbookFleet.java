/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.sql;

import io.vmallocfleet.local.records.TestKafka;
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
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.HostMemory;
import io.vmallocfleet.schemas.HostUse;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.Region;
import io.vmallocfleet.schemas.Severity;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.UnusableFreeSpace;
import io.vmallocfleet.schemas.snapshot.AreaFlags;
import io.vmallocfleet.schemas.snapshot.HostBudget;
import io.vmallocfleet.schemas.snapshot.HostIdentity;
import io.vmallocfleet.schemas.snapshot.SnapshotHeader;
import io.vmallocfleet.schemas.snapshot.SnapshotWriter;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The fleet of the cookbook: six hosts over the eight hours from Sunday 2026-11-22, 22:00 to Monday
 * 06:00, one window an hour.
 *
 * <ul>
 *   <li>web-2 leaks BPF maps, 60 MiB an hour; a reboot at 02:00 sets it back
 *   <li>web-3 runs the newer kernel build and holds four times the BPF maps of web-1
 *   <li>db-1 has all its memory on NUMA node 0
 *   <li>db-2 loads the driver xe on Monday at 01:00, which the fleet never showed before
 *   <li>edge-1 falls silent at 03:00
 * </ul>
 */
final class CookbookFleet {
  static {
    SingleObject.trustOwnClasses();
  }

  private static final Instant BEGIN = Instant.parse("2026-11-22T22:00:00Z");
  private static final int HOURS = 8;
  private static final int REBOOT = 4;
  private static final long MIB = 1 << 20;
  private static final long AREA_BYTES = 4 * MIB;
  private static final Cohort OLD = new Cohort("6.8.0-45-generic", "#45-Ubuntu SMP", "x86_64");
  private static final Cohort NEW = new Cohort("6.8.0-47-generic", "#47-Ubuntu SMP", "x86_64");
  private static final HostMemory MEMORY =
      new HostMemory(16L << 30, 32L << 40, 400 * MIB, 20 * MIB, 264 * MIB);

  private record Host(String name, String role, Cohort cohort) {
    String id() {
      return "id-" + name;
    }

    String boot(int hour) {
      return name.equals("web-2") && hour >= REBOOT ? "boot-2" : "boot-1";
    }

    boolean shows(int hour) {
      return !name.equals("edge-1") || hour < 5;
    }
  }

  private static final List<Host> HOSTS =
      List.of(
          new Host("db-1", "db", NEW),
          new Host("db-2", "db", NEW),
          new Host("edge-1", "edge", OLD),
          new Host("web-1", "web", OLD),
          new Host("web-2", "web", OLD),
          new Host("web-3", "web", NEW));

  private CookbookFleet() {}

  static void write(TestKafka kafka) {
    var windows = new SingleObject<>(HostWindow.class);
    var callers = new SingleObject<>(CallerWindow.class);
    for (int hour = 0; hour < HOURS; hour++) {
      List<byte[]> snapshots = new ArrayList<>();
      List<byte[]> hostWindows = new ArrayList<>();
      for (Host host : HOSTS) {
        if (host.shows(hour)) {
          snapshots.add(snapshot(host, hour));
          hostWindows.add(windows.encode(hostWindow(host, hour)));
        }
      }
      kafka.write(FleetTopic.SNAPSHOTS, snapshots.toArray(byte[][]::new));
      kafka.write(FleetTopic.HOST_WINDOWS, hostWindows.toArray(byte[][]::new));
      kafka.write(
          FleetTopic.CALLER_WINDOWS,
          callerWindows(hour).stream().map(callers::encode).toArray(byte[][]::new));
    }
    writeFindings(kafka);
    writeAlerts(kafka);
  }

  private static Instant start(int hour) {
    return BEGIN.plus(Duration.ofHours(hour));
  }

  /** MiB by caller. */
  private static Map<String, Long> held(Host host, int hour) {
    var held = new TreeMap<String, Long>();
    held.put("dup_task_struct", host.role().equals("web") ? 24L : 16L);
    held.put("move_module", 12L);
    held.put("htab_map_alloc", bpfMaps(host, hour));
    held.put("bpf_jit_alloc_exec", host.name().equals("web-2") ? 220L : 32L);
    if (host.name().equals("db-2") && hour >= 3) {
      held.put("xe_bo_alloc [xe]", 64L);
    }
    return held;
  }

  private static long bpfMaps(Host host, int hour) {
    return switch (host.name()) {
      case "web-1" -> 40;
      case "web-2" -> 40 + 60L * (hour < REBOOT ? hour : hour - REBOOT);
      case "web-3" -> 160;
      default -> 8;
    };
  }

  private static String function(String caller) {
    return caller.replaceAll(" .*", "");
  }

  private static String module(String caller) {
    return caller.contains("[") ? caller.replaceAll(".*\\[|\\]", "") : "";
  }

  private static byte[] snapshot(Host host, int hour) {
    var writer = new SnapshotWriter(SnapshotWriter.DEFAULT_MAX_BYTES);
    held(host, hour)
        .forEach(
            (caller, mib) -> {
              int site = writer.callSite(function(caller), module(caller), "", 16, 64);
              for (long area = 0; area < mib / 4; area++) {
                long pages = AREA_BYTES / 4096;
                writer.area(
                    site,
                    io.vmallocfleet.schemas.snapshot.Region.VMALLOC,
                    0,
                    AREA_BYTES + 4096,
                    pages,
                    AreaFlags.VMALLOC,
                    0);
                long remote = host.name().equals("db-1") ? 0 : pages / 2;
                writer.node(0, pages - remote);
                if (remote > 0) {
                  writer.node(1, remote);
                }
              }
            });
    return writer.finish(
        new SnapshotHeader(
            new HostIdentity(
                host.id(),
                host.name(),
                host.boot(hour),
                host.cohort().getKernelRelease(),
                host.cohort().getKernelBuild(),
                host.cohort().getArchitecture(),
                4096,
                8,
                Map.of("role", host.role())),
            "run-" + host.name(),
            hour,
            start(hour).plusSeconds(300).toEpochMilli() * 1000,
            900,
            300,
            io.vmallocfleet.schemas.snapshot.AddressMode.REAL,
            "",
            0,
            0,
            0,
            List.of(),
            0,
            0,
            new HostBudget(
                MEMORY.getMemTotalBytes(),
                MEMORY.getVmallocTotalBytes(),
                MEMORY.getVmallocUsedBytes(),
                MEMORY.getPercpuBytes(),
                MEMORY.getBpfJitLimitBytes()),
            io.vmallocfleet.schemas.snapshot.SpoolOccupancy.NONE));
  }

  private static HostWindow hostWindow(Host host, int hour) {
    Map<String, Long> held = held(host, hour);
    long bytes = held.values().stream().mapToLong(mib -> mib * MIB).sum();
    long areas = bytes / AREA_BYTES;
    double unusable = host.role().equals("db") ? 0.625 : 0.125;
    return HostWindow.newBuilder()
        .setHostId(host.id())
        .setHostname(host.name())
        .setCohort(host.cohort())
        .setBootId(host.boot(hour))
        .setWindowStart(start(hour))
        .setWindowEnd(start(hour + 1))
        .setSnapshots(1)
        .setTakenAt(start(hour).plusSeconds(300))
        .setAddressMode(AddressMode.REAL)
        .setAreas(areas)
        .setBytes(bytes)
        .setMappedBytes(bytes + areas * 4096)
        .setGuardBytes(areas * 4096)
        .setUnpurgedAreas(0)
        .setUnpurgedBytes(0)
        .setMalformedLines(0)
        .setLabels(Map.of("role", host.role()))
        .setMemory(MEMORY)
        .setWindows(
            List.of(
                AddressWindow.newBuilder()
                    .setRegion(Region.VMALLOC)
                    .setAreas(areas)
                    .setUsedBytes(bytes + areas * 4096)
                    .setHoles(16L)
                    .setHoleBytes(32 * MIB)
                    .setLargestHoleBytes(host.role().equals("db") ? MIB : 8 * MIB)
                    .setUnusableFreeSpace(List.of(new UnusableFreeSpace(2 * MIB, unusable)))
                    .build()))
        .setTopCallers(
            held.entrySet().stream()
                .map(
                    e ->
                        new CallerUsage(
                            function(e.getKey()),
                            module(e.getKey()),
                            e.getValue() / 4,
                            e.getValue() * MIB,
                            e.getValue() * MIB + e.getValue() / 4 * 4096))
                .sorted(Comparator.comparingLong(CallerUsage::getBytes).reversed())
                .toList())
        .setCallers(held.size())
        .build();
  }

  private static List<CallerWindow> callerWindows(int hour) {
    List<CallerWindow> all = new ArrayList<>();
    for (Cohort cohort : List.of(OLD, NEW)) {
      Map<String, List<Host>> hosts =
          HOSTS.stream()
              .filter(h -> h.cohort().equals(cohort) && h.shows(hour))
              .flatMap(h -> held(h, hour).keySet().stream().map(c -> Map.entry(c, h)))
              .collect(
                  Collectors.groupingBy(
                      Map.Entry::getKey,
                      TreeMap::new,
                      Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
      hosts.forEach((caller, showing) -> all.add(callerWindow(cohort, caller, showing, hour)));
    }
    return all;
  }

  private static CallerWindow callerWindow(
      Cohort cohort, String caller, List<Host> hosts, int hour) {
    List<HostUse> uses =
        hosts.stream()
            .map(
                h -> {
                  long mib = held(h, hour).get(caller);
                  return new HostUse(h.id(), h.name(), mib * MIB, mib / 4);
                })
            .sorted(Comparator.comparingLong(HostUse::getBytes).reversed())
            .toList();
    double most = uses.get(0).getBytes();
    double least = uses.get(uses.size() - 1).getBytes();
    double median = uses.get(uses.size() / 2).getBytes();
    long areas = uses.stream().mapToLong(HostUse::getAreas).sum();
    long bytes = uses.stream().mapToLong(HostUse::getBytes).sum();
    return new CallerWindow(
        function(caller),
        module(caller),
        cohort,
        start(hour),
        start(hour + 1),
        (long) uses.size(),
        areas,
        bytes,
        bytes + areas * 4096,
        new Distribution(least, median, most, most, most, ByteBuffer.wrap(new byte[0])),
        uses);
  }

  private static void writeFindings(TestKafka kafka) {
    var findings = new SingleObject<>(Finding.class);
    kafka.write(
        FleetTopic.FINDINGS,
        findings.encode(leak(2)),
        findings.encode(leak(3)),
        findings.encode(leak(6)),
        findings.encode(leak(7)));
  }

  private static Finding leak(int hour) {
    return finding(FindingKind.LEAK, HOSTS.get(4), "htab_map_alloc", "", hour);
  }

  private static Finding finding(
      FindingKind kind, Host host, String function, String module, int hour) {
    return Finding.newBuilder()
        .setFingerprint((kind + host.name() + "0".repeat(32)).substring(0, 32).toLowerCase())
        .setKind(kind)
        .setSeverity(kind == FindingKind.LEAK ? Severity.PAGE : Severity.TICKET)
        .setConfidence(0.9)
        .setHostId(host.id())
        .setHostname(host.name())
        .setBootId(host.boot(hour))
        .setFunction(function)
        .setModule(module)
        .setCohort(host.cohort())
        .setLabels(Map.of("role", host.role()))
        .setWindowStart(start(hour))
        .setWindowEnd(start(hour + 1))
        .setSince(start(hour - 1))
        .setSentence(function + " on " + host.name() + " is not as it was.")
        .setEvidence(
            new Evidence(bpfMaps(host, hour) * MIB, 40 * MIB, null, 6.0, List.of(), 3_600_000L))
        .build();
  }

  private static void writeAlerts(TestKafka kafka) {
    var alerts = new SingleObject<>(Alert.class);
    Finding leak = leak(3);
    Finding driver = finding(FindingKind.NEW_CALLER, HOSTS.get(1), "xe_bo_alloc", "xe", 3);
    kafka.write(
        FleetTopic.ALERTS,
        alerts.encode(alert(leak, AlertState.PENDING, "kernel-bpf", 2)),
        alerts.encode(alert(leak, AlertState.FIRING, "kernel-bpf", 3)),
        alerts.encode(alert(driver, AlertState.FIRING, "graphics", 4)),
        alerts.encode(alert(leak, AlertState.RESOLVED, "kernel-bpf", 4)),
        alerts.encode(alert(driver, AlertState.RESOLVED, "graphics", 5)),
        alerts.encode(alert(leak(6), AlertState.FIRING, "kernel-bpf", 7)));
  }

  private static Alert alert(Finding finding, AlertState state, String owner, int hour) {
    return Alert.newBuilder()
        .setFingerprint(finding.getFingerprint())
        .setState(state)
        .setSeverity(finding.getSeverity())
        .setOwner(owner)
        .setPendingSince(start(2))
        .setFiringSince(state == AlertState.PENDING ? null : start(Math.min(hour, 3)))
        .setResolvedAt(state == AlertState.RESOLVED ? start(hour) : null)
        .setUpdatedAt(start(hour))
        .setFinding(finding)
        .build();
  }
}
