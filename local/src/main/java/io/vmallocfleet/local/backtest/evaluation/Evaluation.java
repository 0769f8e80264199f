/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What alerts were worth against labels.
 *
 * <p>An alert matches an incident when it lies on it, see {@link Matching}, and its kind is one of
 * the incident's. The first to match finds the incident and is true; further ones are duplicates.
 * An alert that lies on an incident under another kind only is told apart and is neither true nor
 * false. All others are false, whether they lie on a harmless label or on none. An alert on an
 * incident and a harmless label belongs to the incident; one alert may find several.
 *
 * @param incidents by their beginning
 * @param lookAlikes labels of the harmless, by their beginning
 * @param alerts as they fired
 * @param byKind incidents under their first kind, alerts under their own
 */
public record Evaluation(
    int hosts,
    Span span,
    Tally overall,
    Map<String, Tally> byKind,
    List<Outcome> incidents,
    List<Outcome> lookAlikes,
    List<JudgedAlert> alerts) {

  /** A bucket of the growth test and half of one: what has just ended may still be confirmed. */
  public static final Duration GRACE = Duration.ofHours(6);

  /** Whether anything is known of what happened; without, no alert can be called false. */
  boolean isLabelled() {
    return !incidents.isEmpty() || !lookAlikes.isEmpty();
  }

  public static Evaluation of(List<Label> labels, List<AlertSpan> alerts, int hosts, Span span) {
    return of(labels, alerts, hosts, span, GRACE);
  }

  /**
   * @param hosts hosts watched over the whole span, from 1
   * @param grace how long after the end of an incident an alert still belongs to it
   */
  public static Evaluation of(
      List<Label> labels, List<AlertSpan> alerts, int hosts, Span span, Duration grace) {
    Matching matching = new Matching(grace);
    List<AlertSpan> fired =
        alerts.stream()
            .sorted(Comparator.comparing(AlertSpan::firedAt).thenComparing(AlertSpan::id))
            .toList();
    List<Outcome> incidents = new ArrayList<>();
    List<Outcome> lookAlikes = new ArrayList<>();
    Set<String> firsts = new HashSet<>();
    for (Label label : labels.stream().sorted(Comparator.comparing(Label::from)).toList()) {
      List<AlertSpan> on = fired.stream().filter(a -> matching.overlaps(a, label)).toList();
      Outcome outcome = label.benign() ? harmless(label, on) : incident(label, on);
      (label.benign() ? lookAlikes : incidents).add(outcome);
      if (outcome.first() != null) {
        firsts.add(outcome.first().id());
      }
    }
    List<JudgedAlert> judged = fired.stream().map(a -> judge(a, labels, matching, firsts)).toList();
    double hostDays = hosts * span.days();
    return new Evaluation(
        hosts,
        span,
        Tally.of(incidents, judged, hostDays),
        byKind(incidents, judged, hostDays),
        List.copyOf(incidents),
        // What an alert on an incident happens to cover was not fooled by.
        lookAlikes.stream().map(l -> onlyFooled(l, judged)).toList(),
        judged);
  }

  private static Outcome harmless(Label label, List<AlertSpan> on) {
    return new Outcome(label, null, null, null, on);
  }

  private static Outcome incident(Label label, List<AlertSpan> on) {
    return on.stream()
        .filter(a -> label.kinds().contains(a.kind()))
        .findFirst()
        .map(
            first ->
                new Outcome(
                    label,
                    first,
                    Duration.between(label.visibleFrom(), first.firedAt()),
                    Duration.between(label.from(), first.firedAt()),
                    on))
        .orElseGet(() -> new Outcome(label, null, null, null, on));
  }

  private static Outcome onlyFooled(Outcome lookAlike, List<JudgedAlert> judged) {
    String id = lookAlike.label().id();
    return harmless(
        lookAlike.label(),
        judged.stream()
            .filter(a -> a.verdict() == Verdict.BENIGN && a.labelIds().contains(id))
            .map(JudgedAlert::alert)
            .toList());
  }

  private static JudgedAlert judge(
      AlertSpan alert, List<Label> labels, Matching matching, Set<String> firsts) {
    List<Label> on = labels.stream().filter(l -> matching.overlaps(alert, l)).toList();
    List<Label> incidents = on.stream().filter(l -> !l.benign()).toList();
    Verdict verdict;
    if (on.isEmpty()) {
      verdict = Verdict.UNLABELLED;
    } else if (incidents.isEmpty()) {
      verdict = Verdict.BENIGN;
    } else if (firsts.contains(alert.id())) {
      verdict = Verdict.TRUE;
    } else if (incidents.stream().anyMatch(l -> l.kinds().contains(alert.kind()))) {
      verdict = Verdict.DUPLICATE;
    } else {
      verdict = Verdict.OTHER_KIND;
    }
    return new JudgedAlert(alert, verdict, on.stream().map(Label::id).toList());
  }

  private static Map<String, Tally> byKind(
      List<Outcome> incidents, List<JudgedAlert> alerts, double hostDays) {
    Set<String> kinds = new HashSet<>();
    incidents.forEach(i -> kinds.add(i.label().kind()));
    alerts.forEach(a -> kinds.add(a.alert().kind()));
    Map<String, Tally> byKind = new TreeMap<>();
    for (String kind : kinds) {
      byKind.put(
          kind,
          Tally.of(
              incidents.stream().filter(i -> i.label().kind().equals(kind)).toList(),
              alerts.stream().filter(a -> a.alert().kind().equals(kind)).toList(),
              hostDays));
    }
    return byKind;
  }
}
