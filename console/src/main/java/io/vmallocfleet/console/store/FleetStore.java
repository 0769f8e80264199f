/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import io.vmallocfleet.callers.CallerKnowledge;
import io.vmallocfleet.callers.CallerMeaning;
import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.CallerUsage;
import io.vmallocfleet.schemas.CallerWindow;
import io.vmallocfleet.schemas.Cohort;
import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.Rule;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.UnreadableRecordException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * What the console knows, in memory of a known bound: 24 h of minute windows for callers and the
 * fleet, the last window of each host with forty fine and ninety-six coarse ones, alerts, findings
 * and dead letters up to fixed numbers. It is rebuilt from the topics at every start.
 *
 * <p>One thread writes, any number read. Windows may come again and out of order between hosts and
 * cohorts; each counts once.
 */
public final class FleetStore {
  private static final int TOP = 8;
  private static final Map<String, Integer> CALLER_COLUMNS = new LinkedHashMap<>();
  private static final Map<String, Integer> SHARE_COLUMNS = new LinkedHashMap<>();
  private static final Map<String, Integer> HOST_COLUMNS = new LinkedHashMap<>();
  private static final Map<String, Integer> COARSE_COLUMNS = new LinkedHashMap<>();

  static {
    CALLER_COLUMNS.put("bytes", CallerEntry.BYTES);
    CALLER_COLUMNS.put("areas", CallerEntry.AREAS);
    CALLER_COLUMNS.put("hosts", CallerEntry.HOSTS);
    CALLER_COLUMNS.put("p50", CallerEntry.P50);
    CALLER_COLUMNS.put("p90", CallerEntry.P90);
    CALLER_COLUMNS.put("p99", CallerEntry.P99);
    CALLER_COLUMNS.put("max", CallerEntry.MAX);
    SHARE_COLUMNS.put("hosts", CallerEntry.Share.SHARE_HOSTS);
    SHARE_COLUMNS.put("p50", CallerEntry.Share.SHARE_P50);
    HOST_COLUMNS.put("bytes", HostEntry.BYTES);
    HOST_COLUMNS.put("mapped", HostEntry.MAPPED);
    HOST_COLUMNS.put("largestHole", HostEntry.LARGEST_HOLE);
    COARSE_COLUMNS.put("bytes", HostEntry.BYTES);
    COARSE_COLUMNS.put("mapped", HostEntry.MAPPED);
  }

  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final CallerKnowledge knowledge;
  private final Windows windows = new Windows();
  private final Cohorts cohorts = new Cohorts();
  private final HostTable hosts = new HostTable(windows, cohorts);
  private final CallerTable callers;
  private final FleetTotals totals = new FleetTotals();
  private final Delivery delivery = new Delivery(hosts, totals, windows);
  private final AlertBook alerts = new AlertBook();
  private final DeadLetterLog deadLetters = new DeadLetterLog();
  private final Map<CallerName, Integer> callerNumbers = new HashMap<>();
  private final List<CallerName> callerNames = new ArrayList<>();
  private long alertVersion;

  public FleetStore(CallerKnowledge knowledge) {
    this.knowledge = knowledge;
    this.callers = new CallerTable(windows, knowledge);
  }

  /** What changes; a page that shows one of them reads again when it does. */
  public record Version(long window, long alerts) {}

  // Writing: one thread. Take the lock for a batch, not for a record.

  /** Runs writes under one lock. */
  public void write(Runnable batch) {
    lock.writeLock().lock();
    try {
      batch.run();
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * @param encoded the record as it came, kept as that host's last one
   */
  public void add(HostWindow record, byte[] encoded) {
    long number =
        enter(record.getWindowStart().toEpochMilli(), record.getWindowEnd().toEpochMilli());
    HostEntry host = hosts.entry(record.getHostId());
    if (number <= host.window) {
      return;
    }
    host.record = encoded;
    hosts.name(host, record.getHostname());
    host.update(
        record, number, cohorts.number(record.getCohort()), hosts.sharedLabels(record.getLabels()));
    host.track(record, usage -> number(new CallerName(usage.getFunction(), usage.getModule())));
    long limit = record.getMemory().getBpfJitLimitBytes();
    if (limit > 0) {
      float jit = (float) jitBytes(record) / limit;
      host.headroomUsed = Float.isNaN(host.headroomUsed) ? jit : Math.max(jit, host.headroomUsed);
    }
    totals.add(number, host);
  }

  public void add(CallerWindow record) {
    long number =
        enter(record.getWindowStart().toEpochMilli(), record.getWindowEnd().toEpochMilli());
    CallerEntry caller = callers.entry(new CallerName(record.getFunction(), record.getModule()));
    if (caller != null) {
      caller.add(record, cohorts.number(record.getCohort()), number);
    }
  }

  public void add(Finding finding) {
    alerts.add(finding);
    alertVersion++;
  }

  public void add(Alert alert) {
    alerts.add(alert);
    alertVersion++;
  }

  public void removeAlert(String fingerprint) {
    alerts.removeAlert(fingerprint);
    alertVersion++;
  }

  public void add(Rule rule) {
    alerts.add(rule);
    alertVersion++;
  }

  public void removeRule(String ruleId) {
    alerts.removeRule(ruleId);
    alertVersion++;
  }

  /**
   * @param key where it lies in its topic
   */
  public void add(DeadLetter letter, String key) {
    deadLetters.add(letter, key);
    alertVersion++;
  }

  private long enter(long startMillis, long endMillis) {
    if (windows.changeLength(startMillis, endMillis)) {
      // The job was given another window: numbers of before mean other times.
      hosts.clear();
      callers.clear();
      totals.clear();
    }
    long number = windows.number(endMillis);
    long before = windows.newest();
    windows.advance(number);
    if (number > before && number % 60 == 0) {
      hosts.forgetLongSilent();
      callers.forgetLongGone();
    }
    return number;
  }

  private int number(CallerName name) {
    return callerNumbers.computeIfAbsent(
        name,
        added -> {
          callerNames.add(added);
          return callerNames.size() - 1;
        });
  }

  private long jitBytes(HostWindow record) {
    return record.getTopCallers().stream()
        .filter(usage -> meaning(usage).family().slug().equals("bpf-jit"))
        .mapToLong(CallerUsage::getMappedBytes)
        .sum();
  }

  private CallerMeaning meaning(CallerUsage usage) {
    return knowledge.meaning(usage.getFunction(), usage.getModule());
  }

  // Reading: any thread.

  private <T> T read(Supplier<T> reading) {
    lock.readLock().lock();
    try {
      return reading.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  public Version version() {
    return read(() -> new Version(windows.newestEndMillis(), alertVersion));
  }

  public FleetView fleet(long rangeMillis) {
    return read(() -> fleetLocked(rangeMillis));
  }

  private FleetView fleetLocked(long rangeMillis) {
    long bytes = 0;
    long areas = 0;
    long mapped = 0;
    long unpurged = 0;
    long heard = 0;
    long[] unusable = new long[10];
    long[] headroom = new long[10];
    long[] kernelHosts = new long[cohorts.size()];
    double[] kernelBytes = new double[cohorts.size()];
    for (HostEntry host : hosts.all()) {
      if (hosts.state(host) == HostState.SILENT) {
        continue;
      }
      heard++;
      bytes += host.bytes;
      areas += host.areas;
      mapped += host.mappedBytes;
      unpurged += host.unpurgedBytes;
      kernelHosts[host.cohort]++;
      kernelBytes[host.cohort] += host.bytes;
      count(unusable, host.unusable);
      count(headroom, host.headroomUsed);
    }
    double mean = heard == 0 ? 0 : (double) bytes / heard;
    List<FleetView.KernelRow> kernels = new ArrayList<>();
    for (int i = 0; i < kernelHosts.length; i++) {
      if (kernelHosts[i] > 0) {
        Cohort cohort = cohorts.cohort(i);
        double perHost = kernelBytes[i] / kernelHosts[i];
        kernels.add(
            new FleetView.KernelRow(
                cohort.getKernelRelease(),
                cohort.getKernelBuild(),
                cohort.getArchitecture(),
                kernelHosts[i],
                perHost,
                mean == 0 ? 1 : perHost / mean));
      }
    }
    kernels.sort(Comparator.comparingLong(FleetView.KernelRow::hosts).reversed());
    return new FleetView(
        windows.newestEndMillis(),
        windows.lengthMillis(),
        hosts.byState(),
        bytes,
        areas,
        mapped,
        unpurged,
        callers.size(),
        totals.series(windows, rangeMillis, FleetTotals.USE),
        topCallers(CallerQuery.Sort.BYTES, rangeMillis),
        topCallers(CallerQuery.Sort.MOVED, rangeMillis),
        kernels.stream().limit(50).toList(),
        unusable,
        headroom,
        topHosts(HostQuery.Sort.HEADROOM),
        topHosts(HostQuery.Sort.UNUSABLE),
        alerts.byState(),
        alerts
            .page(
                new AlertQuery(
                    java.util.Set.of("FIRING", AlertView.FOUND), "", "", "", "", "", "", 0, TOP))
            .rows());
  }

  private List<CallerRow> topCallers(CallerQuery.Sort sort, long rangeMillis) {
    return windows.isEmpty()
        ? List.of()
        : callers.page(new CallerQuery("", "", sort, rangeMillis, 0, TOP)).rows();
  }

  private List<HostRow> topHosts(HostQuery.Sort sort) {
    return hosts.page(new HostQuery("", null, "", sort, 0, 5)).rows();
  }

  private static void count(long[] tenths, float share) {
    if (!Float.isNaN(share)) {
      tenths[Math.max(0, Math.min(9, (int) (share * 10)))]++;
    }
  }

  public DeliveryView delivery(long rangeMillis) {
    return read(() -> delivery.view(rangeMillis));
  }

  public Page<HostRow> hosts(HostQuery query) {
    return read(() -> hosts.page(query));
  }

  public Page<CallerRow> callers(CallerQuery query) {
    return read(() -> windows.isEmpty() ? new Page<>(0, 0, List.of()) : callers.page(query));
  }

  /** Hosts and callers whose name contains the text. */
  public record Found(List<HostRow> hosts, List<CallerRow> callers) {}

  public Found search(String text, int limit) {
    return read(
        () ->
            new Found(
                hosts.search(text, limit),
                windows.isEmpty()
                    ? List.of()
                    : callers
                        .page(
                            new CallerQuery(text, "", CallerQuery.Sort.BYTES, 3_600_000, 0, limit))
                        .rows()));
  }

  public Optional<HostView> host(String id, long rangeMillis) {
    return read(
        () -> Optional.ofNullable(hosts.find(id)).map(host -> hostLocked(host, rangeMillis)));
  }

  private HostView hostLocked(HostEntry host, long rangeMillis) {
    HostWindow record;
    try {
      record = hostCodec().decode(host.record);
    } catch (UnreadableRecordException e) {
      throw new IllegalStateException("a record that was read before", e);
    }
    var memory = record.getMemory();
    Map<String, Long> budget = new LinkedHashMap<>();
    budget.put("memTotal", known(memory.getMemTotalBytes()));
    budget.put("vmallocTotal", known(memory.getVmallocTotalBytes()));
    budget.put("vmallocUsed", known(memory.getVmallocUsedBytes()));
    budget.put("percpu", known(memory.getPercpuBytes()));
    budget.put("bpfJitLimit", known(memory.getBpfJitLimitBytes()));
    return new HostView(
        windows.newestEndMillis(),
        windows.lengthMillis(),
        hosts.row(host),
        record.getBootId(),
        record.getBlind(),
        record.getGuardBytes(),
        record.getUnpurgedAreas(),
        record.getSnapshots(),
        budget,
        record.getWindows().stream().map(FleetStore::region).toList(),
        record.getTopCallers().stream().map(usage -> callerOnHost(host, usage)).toList(),
        record.getCallers(),
        jitBytes(record),
        windows.series(host.recent, rangeMillis, HOST_COLUMNS),
        windows.series(host.coarse, Math.max(rangeMillis, 86_400_000L), COARSE_COLUMNS),
        alerts.page(AlertQuery.about(host.id, "")).rows());
  }

  /** A codec is not thread safe, and a host page is rare beside the feed. */
  private SingleObject<HostWindow> hostCodec() {
    return new SingleObject<>(HostWindow.class);
  }

  private static Long known(long bytes) {
    return bytes < 0 ? null : Long.valueOf(bytes);
  }

  private static HostView.Region region(io.vmallocfleet.schemas.AddressWindow window) {
    return new HostView.Region(
        window.getRegion().name(),
        window.getAreas(),
        window.getUsedBytes(),
        window.getRuns(),
        window.getSpanBytes(),
        window.getHoles(),
        window.getHoleBytes(),
        window.getLargestHoleBytes(),
        window.getHoleSizesLog2(),
        window.getUnusableFreeSpace() == null
            ? null
            : window.getUnusableFreeSpace().stream()
                .map(u -> new HostView.Unusable(u.getRequestBytes(), u.getIndex()))
                .toList());
  }

  private HostView.CallerOnHost callerOnHost(HostEntry host, CallerUsage usage) {
    Integer number = callerNumbers.get(new CallerName(usage.getFunction(), usage.getModule()));
    float[] recent = null;
    for (int column = 0; column < HostEntry.CALLERS; column++) {
      if (number != null && host.callers[column] == number) {
        recent =
            windows
                .series(
                    host.recent, Long.MAX_VALUE, Map.of("bytes", HostEntry.FIRST_CALLER + column))
                .columns()
                .get("bytes");
      }
    }
    CallerMeaning meaning = meaning(usage);
    return new HostView.CallerOnHost(
        usage.getFunction(),
        usage.getModule(),
        meaning.family().slug(),
        meaning.family().label(),
        usage.getAreas(),
        usage.getBytes(),
        usage.getMappedBytes(),
        recent);
  }

  public Optional<CallerView> caller(CallerName name, long rangeMillis) {
    return read(
        () ->
            Optional.ofNullable(callers.find(name)).map(entry -> callerLocked(entry, rangeMillis)));
  }

  private CallerView callerLocked(CallerEntry caller, long rangeMillis) {
    CallerMeaning meaning = knowledge.meaning(caller.name.function(), caller.name.module());
    List<CallerView.KernelShare> kernels = new ArrayList<>();
    List<CallerView.WorstHost> worst = new ArrayList<>();
    caller.shares.forEach(
        (number, share) -> {
          Cohort cohort = cohorts.cohort(number);
          boolean current = share.window >= windows.newest() - 2;
          kernels.add(
              new CallerView.KernelShare(
                  cohort.getKernelRelease(),
                  cohort.getKernelBuild(),
                  cohort.getArchitecture(),
                  current,
                  share.hosts,
                  share.areas,
                  share.bytes,
                  share.quantiles,
                  windows.series(share.ring, rangeMillis, SHARE_COLUMNS)));
          if (current) {
            share.topHosts.forEach(
                host ->
                    worst.add(
                        new CallerView.WorstHost(
                            host.getHostId(),
                            host.getHostname(),
                            host.getBytes(),
                            host.getAreas(),
                            cohort.getKernelRelease())));
          }
        });
    kernels.sort(
        Comparator.comparing(CallerView.KernelShare::current)
            .thenComparing(CallerView.KernelShare::hosts)
            .reversed());
    worst.sort(Comparator.comparingLong(CallerView.WorstHost::bytes).reversed());
    return new CallerView(
        windows.newestEndMillis(),
        callers.row(caller, meaning, rangeMillis),
        meaning,
        windows.settledSeries(caller.ring, rangeMillis, CALLER_COLUMNS),
        kernels.stream().limit(24).toList(),
        worst.stream().limit(20).toList(),
        alerts.page(AlertQuery.about("", caller.name.function())).rows());
  }

  public Page<AlertView> alerts(AlertQuery query) {
    return read(() -> alerts.page(query));
  }

  public Optional<AlertView> alert(String fingerprint) {
    return read(() -> alerts.find(fingerprint));
  }

  public Map<String, Long> alertsByState() {
    return read(alerts::byState);
  }

  public Map<String, java.util.Set<String>> alertChoices() {
    return read(alerts::choices);
  }

  public List<RuleView> rules(long nowMillis) {
    return read(() -> alerts.rulesInForce(nowMillis));
  }

  /** Dead letters by reason, and the newest of them. */
  public record DeadLetters(Map<String, Long> byReason, List<DeadLetterView> newest) {}

  public DeadLetters deadLetters(int limit) {
    return read(() -> new DeadLetters(deadLetters.byReason(), deadLetters.newest(limit)));
  }

  /** What the store holds, for those who watch the console itself. */
  public record Size(int hosts, int callers, long callersRefused, int cohorts) {}

  public Size size() {
    return read(() -> new Size(hosts.size(), callers.size(), callers.refused(), cohorts.size()));
  }
}
