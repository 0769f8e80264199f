/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.annotation.Nullable;

/**
 * All a report shows, for a person and as JSON.
 *
 * @param detectors side by side, ours first
 * @param incidents one card an incident
 * @param falseAlerts one card a false alert, at most {@value #MOST_FALSE}
 * @param lookAlikes one card a harmless label
 * @param comparison with other rules; null when none was asked for
 */
public record Report(
    String title,
    Evaluation evaluation,
    List<DetectorScore> detectors,
    List<Card> incidents,
    List<Card> falseAlerts,
    List<Card> lookAlikes,
    @Nullable Comparison comparison) {

  /** Beyond this nobody looks, and the file grows by some 20 KB each. */
  public static final int MOST_FALSE = 100;

  private static final int MOST_HOSTS = 3;
  private static final int MOST_LINES = 4;

  /** A chart: lines over a stretch of time. The id is that of a label or an alert. */
  public record Card(String id, Span span, List<Line> lines) {}

  /** A caller on a host, thinned for drawing. */
  public record Line(String name, List<SeriesPoint> points) {}

  /** Builds the report; asks for the series of each card once. */
  public static Report of(
      String title,
      Evaluation evaluation,
      List<DetectorScore> detectors,
      @Nullable Comparison comparison,
      SeriesSource series) {
    return new Report(
        title,
        evaluation,
        List.copyOf(detectors),
        evaluation.incidents().stream().map(o -> card(o, evaluation.span(), series)).toList(),
        evaluation.alerts().stream()
            .filter(a -> a.verdict().isFalse())
            .limit(MOST_FALSE)
            .map(a -> card(a.alert(), evaluation.span(), series))
            .toList(),
        evaluation.lookAlikes().stream().map(o -> card(o, evaluation.span(), series)).toList(),
        comparison);
  }

  private static Card card(Outcome outcome, Span whole, SeriesSource series) {
    Label label = outcome.label();
    List<String> hosts = new ArrayList<>(label.hostIds());
    for (AlertSpan alert : outcome.alerts()) {
      if (!alert.hostId().isEmpty() && !hosts.contains(alert.hostId())) {
        hosts.add(alert.hostId());
      }
      alert.worstHostIds().stream().filter(h -> !hosts.contains(h)).forEach(hosts::add);
    }
    Span span = around(label.from(), label.to(), whole);
    List<Line> lines = new ArrayList<>();
    List<Label.Caller> callers =
        label.callers().isEmpty() ? List.of(new Label.Caller("", "")) : label.callers();
    for (String host : hosts.subList(0, Math.min(MOST_HOSTS, hosts.size()))) {
      int at = label.hostIds().indexOf(host);
      String name = at >= 0 && at < label.hostnames().size() ? label.hostnames().get(at) : host;
      for (Label.Caller caller : callers) {
        add(lines, host, name, caller, span, series);
      }
    }
    return new Card(label.id(), span, List.copyOf(lines));
  }

  private static Card card(AlertSpan alert, Span whole, SeriesSource series) {
    Instant end = alert.resolvedAt() == null ? whole.to() : alert.resolvedAt();
    Span span = around(alert.firedAt(), end, whole);
    List<Line> lines = new ArrayList<>();
    List<String> hosts = alert.hostId().isEmpty() ? alert.worstHostIds() : List.of(alert.hostId());
    for (String host : hosts.subList(0, Math.min(MOST_HOSTS, hosts.size()))) {
      String name =
          alert.hostId().isEmpty() || alert.hostname().isEmpty() ? host : alert.hostname();
      Label.Caller caller = new Label.Caller(alert.function(), alert.module());
      add(lines, host, name, caller, span, series);
    }
    return new Card(alert.id(), span, List.copyOf(lines));
  }

  private static void add(
      List<Line> lines,
      String hostId,
      String hostname,
      Label.Caller caller,
      Span span,
      SeriesSource series) {
    List<SeriesPoint> points =
        Thinned.of(series.series(hostId, caller.function(), caller.module()), span);
    if (!points.isEmpty() && lines.size() < MOST_LINES) {
      String module = caller.module().isEmpty() ? "" : " [" + caller.module() + "]";
      String what = caller.function().isEmpty() ? "whole host" : caller.function() + module;
      lines.add(new Line(what + " on " + hostname, points));
    }
  }

  /** With half as much on either side, at least six hours, so that the eye sees what was usual. */
  private static Span around(Instant from, Instant to, Span whole) {
    Duration half = Duration.between(from, to).abs().dividedBy(2);
    Duration margin = half.compareTo(Duration.ofHours(6)) < 0 ? Duration.ofHours(6) : half;
    Instant start = from.minus(margin);
    Instant end = to.plus(margin);
    start = start.isBefore(whole.from()) ? whole.from() : start;
    end = end.isAfter(whole.to()) ? whole.to() : end;
    return start.isBefore(end) ? new Span(start, end) : whole;
  }
}
