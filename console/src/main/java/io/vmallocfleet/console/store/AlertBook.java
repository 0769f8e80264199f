/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.AlertState;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.Rule;
import io.vmallocfleet.schemas.Verdict;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What is wrong: alerts by fingerprint, findings no alert speaks of, and the rules in force. Beyond
 * its limits what has not changed for the longest goes, resolved alerts first.
 */
final class AlertBook {
  static final int MOST_ALERTS = 10_000;
  static final int MOST_FINDINGS = 5_000;
  static final int MOST_RULES = 5_000;

  private static final List<String> ORDER =
      List.of("FIRING", "PENDING", "FOUND", "ACKNOWLEDGED", "RESOLVED", "UNKNOWN");
  private static final List<String> LOUDNESS = List.of("PAGE", "TICKET", "INFO");

  private final Map<String, Alert> alerts = new LinkedHashMap<>();
  private final Map<String, Found> findings = new LinkedHashMap<>();
  private final Map<String, Rule> rules = new TreeMap<>();

  private record Found(Finding finding, long firstSeen) {}

  void add(Alert alert) {
    alerts.remove(alert.getFingerprint()); // to the end: the order is that of changes
    alerts.put(alert.getFingerprint(), alert);
    if (alerts.size() > MOST_ALERTS) {
      Iterator<Alert> oldestFirst = alerts.values().iterator();
      boolean evicted = false;
      while (!evicted && oldestFirst.hasNext()) {
        if (oldestFirst.next().getState() == AlertState.RESOLVED) {
          oldestFirst.remove();
          evicted = true;
        }
      }
      if (!evicted) {
        alerts.remove(alerts.keySet().iterator().next());
      }
    }
  }

  void add(Finding finding) {
    Found before = findings.remove(finding.getFingerprint());
    long firstSeen = before == null ? finding.getWindowEnd().toEpochMilli() : before.firstSeen();
    findings.put(finding.getFingerprint(), new Found(finding, firstSeen));
    if (findings.size() > MOST_FINDINGS) {
      findings.remove(findings.keySet().iterator().next());
    }
  }

  void add(Rule rule) {
    rules.put(rule.getRuleId(), rule);
    if (rules.size() > MOST_RULES) {
      rules.values().removeIf(old -> !old.getActive());
    }
  }

  void removeAlert(String fingerprint) {
    alerts.remove(fingerprint);
  }

  void removeRule(String ruleId) {
    rules.remove(ruleId);
  }

  Optional<AlertView> find(String fingerprint) {
    Alert alert = alerts.get(fingerprint);
    if (alert != null) {
      return Optional.of(AlertView.of(alert));
    }
    return Optional.ofNullable(findings.get(fingerprint))
        .map(found -> AlertView.of(found.finding(), found.firstSeen()));
  }

  Page<AlertView> page(AlertQuery query) {
    String text = query.text().toLowerCase(Locale.ROOT);
    List<AlertView> matching =
        all()
            .filter(alert -> matches(alert, query, text))
            .sorted(
                Comparator.comparingInt((AlertView alert) -> ORDER.indexOf(alert.state()))
                    .thenComparingInt(alert -> LOUDNESS.indexOf(alert.severity()))
                    .thenComparing(Comparator.comparingLong(AlertView::updatedAt).reversed()))
            .toList();
    return new Page<>(
        matching.size(),
        query.offset(),
        matching.stream().skip(query.offset()).limit(query.limit()).toList());
  }

  /** How many there are in each state. */
  Map<String, Long> byState() {
    Map<String, Long> counts = new TreeMap<>();
    all().forEach(alert -> counts.merge(alert.state(), 1L, Long::sum));
    return counts;
  }

  /** Everything a filter can be set to. */
  Map<String, java.util.Set<String>> choices() {
    Map<String, java.util.Set<String>> choices = new HashMap<>();
    all()
        .forEach(
            alert -> {
              choice(choices, "kinds", alert.finding().kind());
              if (!alert.owner().isEmpty()) {
                choice(choices, "owners", alert.owner());
              }
            });
    return choices;
  }

  List<RuleView> rulesInForce(long nowMillis) {
    return rules.values().stream()
        .filter(Rule::getActive)
        .filter(rule -> rule.getUntil() == null || rule.getUntil().toEpochMilli() > nowMillis)
        .map(RuleView::of)
        .toList();
  }

  private static void choice(
      Map<String, java.util.Set<String>> choices, String name, String value) {
    choices.computeIfAbsent(name, key -> new java.util.TreeSet<>()).add(value);
  }

  private Stream<AlertView> all() {
    return Stream.concat(
        alerts.values().stream().map(AlertView::of),
        findings.values().stream()
            .filter(found -> found.finding().getVerdict() != Verdict.GONE)
            .filter(found -> !alerts.containsKey(found.finding().getFingerprint()))
            .map(found -> AlertView.of(found.finding(), found.firstSeen())));
  }

  private static boolean matches(AlertView alert, AlertQuery query, String text) {
    FindingView finding = alert.finding();
    boolean aboutHost =
        query.hostId().isEmpty()
            || query.hostId().equals(finding.hostId())
            || finding.worstHosts().stream().anyMatch(h -> query.hostId().equals(h.hostId()));
    return aboutHost
        && (query.states().isEmpty() || query.states().contains(alert.state()))
        && (query.kind().isEmpty() || query.kind().equals(finding.kind()))
        && (query.severity().isEmpty() || query.severity().equals(alert.severity()))
        && (query.owner().isEmpty() || query.owner().equals(alert.owner()))
        && (query.function().isEmpty() || query.function().equals(finding.function()))
        && (text.isEmpty()
            || HostTable.containsIgnoreCase(finding.sentence(), text)
            || HostTable.containsIgnoreCase(finding.function(), text)
            || HostTable.containsIgnoreCase(alert.owner(), text)
            || alert.fingerprint().startsWith(text)
            || (finding.hostname() != null
                && HostTable.containsIgnoreCase(finding.hostname(), text)));
  }
}
