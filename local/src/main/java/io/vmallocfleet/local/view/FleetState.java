/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.view;

import io.vmallocfleet.local.records.CallerName;
import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.AlertState;
import io.vmallocfleet.schemas.CallerWindow;
import io.vmallocfleet.schemas.Cohort;
import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.HostWindow;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the pipeline has said so far, as far as a screen needs it. Immutable; {@link #change} makes
 * the next one. Records may come in any order between topics and repeatedly.
 */
public final class FleetState {
  /** Before the first record. */
  public static final FleetState EMPTY =
      new FleetState(Map.of(), new TreeMap<>(), null, Map.of(), Map.of(), 0, null, 0, null);

  private static final int FINDINGS_KEPT = 200;
  private static final int ALERTS_KEPT = 2_000;
  private static final int WINDOWS_AWAITED = 4;

  private static final Comparator<Alert> LATEST_CHANGE_FIRST =
      Comparator.comparing((Alert alert) -> alert.getState() == AlertState.RESOLVED)
          .thenComparing(Comparator.comparing(Alert::getUpdatedAt).reversed())
          .thenComparing(Alert::getFingerprint);

  private static final Comparator<FindingHistory> NEWEST_FIRST =
      Comparator.comparing(FindingHistory::lastSeen)
          .thenComparing(FindingHistory::firstSeen)
          .reversed()
          .thenComparing(finding -> finding.latest().getFingerprint());

  private record CallerKey(CallerName name, Cohort cohort) {}

  private final Map<String, HostHistory> hosts;
  private final NavigableMap<Instant, Map<CallerKey, CallerWindow>> awaited;
  private final FleetWindow fleet;
  private final Map<String, FindingHistory> findings;
  private final Map<String, Alert> alerts;
  private final long deadLetters;
  private final DeadLetter lastDeadLetter;
  private final long unreadable;
  private final String trouble;

  private FleetState(
      Map<String, HostHistory> hosts,
      NavigableMap<Instant, Map<CallerKey, CallerWindow>> awaited,
      FleetWindow fleet,
      Map<String, FindingHistory> findings,
      Map<String, Alert> alerts,
      long deadLetters,
      DeadLetter lastDeadLetter,
      long unreadable,
      String trouble) {
    this.hosts = hosts;
    this.awaited = awaited;
    this.fleet = fleet;
    this.findings = findings;
    this.alerts = alerts;
    this.deadLetters = deadLetters;
    this.lastDeadLetter = lastDeadLetter;
    this.unreadable = unreadable;
    this.trouble = trouble;
  }

  /** Hosts by host id. */
  public Map<String, HostHistory> hosts() {
    return hosts;
  }

  public Optional<HostHistory> host(String hostId) {
    return Optional.ofNullable(hosts.get(hostId));
  }

  /**
   * The latest window of which all callers are here: their sums agree with those of the hosts, or a
   * later window has begun to arrive.
   */
  public Optional<FleetWindow> fleet() {
    return Optional.ofNullable(fleet);
  }

  /** The last confirmed first; at most {@value #FINDINGS_KEPT}. */
  public List<FindingHistory> findings() {
    return findings.values().stream().sorted(NEWEST_FIRST).toList();
  }

  /** Of what has no alert yet. */
  List<FindingHistory> findingsWithoutAlert() {
    return findings().stream()
        .filter(finding -> !alerts.containsKey(finding.latest().getFingerprint()))
        .toList();
  }

  /**
   * Alerts that speak for themselves: those there are first, then the last changed first; at most
   * {@value #ALERTS_KEPT}.
   */
  public List<Alert> alerts() {
    return alerts.values().stream()
        .filter(alert -> alert.getFoldedInto() == null)
        .sorted(LATEST_CHANGE_FIRST)
        .toList();
  }

  /** Records the pipeline could not use. */
  public long deadLetters() {
    return deadLetters;
  }

  public Optional<DeadLetter> lastDeadLetter() {
    return Optional.ofNullable(lastDeadLetter);
  }

  /** Records of the pipeline that could not be decoded here. */
  public long unreadable() {
    return unreadable;
  }

  /** Why nothing new arrives, in words; empty while all is well. */
  public Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  public Change change() {
    return new Change(this);
  }

  /** Collects records on top of a state. Not thread safe. */
  public static final class Change {
    private final Map<String, HostHistory> hosts;
    private final NavigableMap<Instant, Map<CallerKey, CallerWindow>> awaited = new TreeMap<>();
    private final Map<String, FindingHistory> findings;
    private final Map<String, Alert> alerts;
    private FleetWindow fleet;
    private long deadLetters;
    private DeadLetter lastDeadLetter;
    private long unreadable;
    private String trouble;

    private Change(FleetState before) {
      hosts = new LinkedHashMap<>(before.hosts);
      before.awaited.forEach((end, callers) -> awaited.put(end, new LinkedHashMap<>(callers)));
      findings = new LinkedHashMap<>(before.findings);
      alerts = new LinkedHashMap<>(before.alerts);
      fleet = before.fleet;
      deadLetters = before.deadLetters;
      lastDeadLetter = before.lastDeadLetter;
      unreadable = before.unreadable;
      trouble = before.trouble;
    }

    public Change add(HostWindow window) {
      hosts.merge(
          window.getHostId(), HostHistory.beginning(window), (known, next) -> known.then(window));
      return this;
    }

    public Change add(CallerWindow window) {
      if (fleet == null || window.getWindowEnd().isAfter(fleet.end())) {
        var name = new CallerName(window.getFunction(), window.getModule());
        awaited
            .computeIfAbsent(window.getWindowEnd(), end -> new LinkedHashMap<>())
            .put(new CallerKey(name, window.getCohort()), window);
        if (awaited.size() > WINDOWS_AWAITED) {
          completeUpTo(awaited.lowerKey(awaited.lastKey()));
        }
      }
      return this;
    }

    public Change add(Finding finding) {
      findings.merge(
          finding.getFingerprint(),
          FindingHistory.beginning(finding),
          (known, next) -> known.then(finding));
      if (findings.size() > FINDINGS_KEPT) {
        findings.values().stream()
            .max(NEWEST_FIRST)
            .map(FindingHistory::latest)
            .ifPresent(oldest -> findings.remove(oldest.getFingerprint()));
      }
      return this;
    }

    public Change add(Alert alert) {
      alerts.put(alert.getFingerprint(), alert);
      if (alerts.size() > ALERTS_KEPT) {
        alerts.values().stream()
            .max(LATEST_CHANGE_FIRST)
            .ifPresent(oldest -> alerts.remove(oldest.getFingerprint()));
      }
      return this;
    }

    public Change add(DeadLetter letter) {
      deadLetters++;
      lastDeadLetter = letter;
      return this;
    }

    /** One record that could not be decoded. */
    public Change addUnreadable() {
      unreadable++;
      return this;
    }

    /** What keeps records from arriving, or empty. */
    public Change trouble(Optional<String> why) {
      trouble = why.orElse(null);
      return this;
    }

    public FleetState done() {
      if (!awaited.isEmpty()) {
        Instant last = awaited.lastKey();
        Instant complete = agrees(awaited.get(last).values(), last) ? last : awaited.lowerKey(last);
        if (complete != null) {
          completeUpTo(complete);
        }
      }
      return new FleetState(
          Map.copyOf(hosts),
          awaited,
          fleet,
          Map.copyOf(findings),
          Map.copyOf(alerts),
          deadLetters,
          lastDeadLetter,
          unreadable,
          trouble);
    }

    private void completeUpTo(Instant end) {
      fleet = FleetWindow.of(awaited.get(end).values(), windowsEnding(end).size());
      awaited.headMap(end, true).clear();
    }

    /** Whether the callers' sums over hosts are the hosts' sums over callers. */
    private boolean agrees(Collection<CallerWindow> callers, Instant end) {
      List<HostWindow> ofHosts = windowsEnding(end);
      return callers.stream().mapToLong(CallerWindow::getBytes).sum()
              == ofHosts.stream().mapToLong(HostWindow::getBytes).sum()
          && callers.stream().mapToLong(CallerWindow::getAreas).sum()
              == ofHosts.stream().mapToLong(HostWindow::getAreas).sum();
    }

    private List<HostWindow> windowsEnding(Instant end) {
      return hosts.values().stream()
          .flatMap(host -> host.recent().stream())
          .filter(window -> window.getWindowEnd().equals(end))
          .toList();
    }
  }
}
