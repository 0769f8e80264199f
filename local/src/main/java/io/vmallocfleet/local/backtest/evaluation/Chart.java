/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import io.vmallocfleet.schemas.ByteCount;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import javax.annotation.Nullable;

/**
 * The lines of a card as inline SVG: a label's span shaded, when it became visible dashed, alerts
 * as bars on top. Lines differ by dash as well as by colour. The points go along in an attribute
 * for the pointer to read.
 */
final class Chart {
  private static final int WIDTH = 860;
  private static final int HEIGHT = 230;
  private static final int LEFT = 74;
  private static final int RIGHT = 12;
  private static final int TOP = 26;
  private static final int BOTTOM = 26;

  private final Markup out;
  private final Span span;
  private final double top;

  private Chart(Markup out, Report.Card card) {
    this.out = out;
    this.span = card.span();
    double highest = 0;
    for (Report.Line line : card.lines()) {
      for (SeriesPoint point : line.points()) {
        highest = Math.max(highest, point.value());
      }
    }
    this.top = roundUp(highest);
  }

  static void draw(
      Markup out, Report.Card card, @Nullable Label label, List<AlertSpan> alerts, String name) {
    if (card.lines().isEmpty()) {
      out.element("p", "quiet", "No series was recorded here.");
      return;
    }
    new Chart(out, card).draw(card.lines(), label, alerts, name);
  }

  private void draw(
      List<Report.Line> lines, @Nullable Label label, List<AlertSpan> alerts, String name) {
    legend(lines, label, alerts);
    out.raw(
        "<div class=\"chart\"><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\""
            .formatted(WIDTH, HEIGHT));
    out.text(name)
        .raw(
            "\" data-from=\"%d\" data-to=\"%d\" data-top=\"%.0f\">"
                .formatted(span.from().toEpochMilli(), span.to().toEpochMilli(), top));
    if (label != null) {
      double from = x(label.from());
      out.raw(
          rect(
              "label" + (label.benign() ? " benign" : ""),
              from,
              x(label.to()) - from,
              TOP,
              base()));
    }
    grid();
    if (label != null && !label.benign()) {
      out.raw(vertical("visible", x(label.visibleFrom()), TOP));
    }
    for (int i = 0; i < lines.size(); i++) {
      line(lines.get(i), i);
    }
    for (AlertSpan alert : alerts) {
      double from = x(alert.firedAt());
      double to = x(alert.resolvedAt() == null ? span.to() : alert.resolvedAt());
      out.raw(rect("alert", from, Math.max(3, to - from), TOP - 14, TOP - 6));
      out.raw(vertical("fired", from, TOP - 14));
    }
    out.raw("<line class=\"cursor\" y1=\"%d\" y2=\"%d\"/></svg>".formatted(TOP, base()));
    out.raw("<div class=\"tip\"></div></div>");
  }

  private void legend(List<Report.Line> lines, @Nullable Label label, List<AlertSpan> alerts) {
    out.raw("<p class=\"legend\">");
    for (int i = 0; i < lines.size(); i++) {
      key("<line class=\"s%d\" x1=\"0\" x2=\"24\" y1=\"6\" y2=\"6\"/>".formatted(i));
      out.text(lines.get(i).name()).raw("</span>");
    }
    if (label != null) {
      String benign = label.benign() ? " benign" : "";
      key("<rect class=\"label%s\" width=\"24\" height=\"12\"/>".formatted(benign));
      out.raw(label.benign() ? "harmless</span>" : "incident</span>");
      if (!label.benign()) {
        key("<line class=\"visible\" x1=\"12\" x2=\"12\" y1=\"0\" y2=\"12\"/>");
        out.raw("visible from</span>");
      }
    }
    if (!alerts.isEmpty()) {
      key("<rect class=\"alert\" y=\"2\" width=\"24\" height=\"8\"/>");
      out.raw("alert</span>");
    }
    out.raw("</p>");
  }

  private void key(String mark) {
    out.raw("<span><svg width=\"24\" height=\"12\" aria-hidden=\"true\">" + mark + "</svg> ");
  }

  private void grid() {
    for (int i = 0; i <= 4; i++) {
      double value = top * i / 4;
      out.raw(
          number(
              "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
              LEFT, WIDTH - RIGHT, y(value), y(value)));
      out.raw(number("<text x=\"%d\" y=\"%.1f\" class=\"end\">", LEFT - 8, y(value) + 4));
      out.text(new ByteCount((long) value).toString()).raw("</text>");
    }
    long step = step();
    long first = Math.floorDiv(span.from().toEpochMilli() + step - 1, step) * step;
    for (long at = first; at <= span.to().toEpochMilli(); at += step) {
      Instant moment = Instant.ofEpochMilli(at);
      // A word that would leave the picture is cut by the browser.
      if (x(moment) < LEFT + 20 || x(moment) > WIDTH - 45) {
        continue;
      }
      out.raw(
          number(
              "<line class=\"tick\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>",
              x(moment), x(moment), base(), base() + 4));
      out.raw(number("<text x=\"%.1f\" y=\"%d\" class=\"middle\">", x(moment), HEIGHT - 7));
      out.text(Phrases.moment(moment)).raw("</text>");
    }
  }

  private void line(Report.Line line, int index) {
    StringBuilder path = new StringBuilder();
    StringBuilder points = new StringBuilder();
    for (SeriesPoint point : line.points()) {
      path.append(path.isEmpty() ? "M" : "L");
      path.append(number("%.1f,%.1f", x(point.at()), y(point.value())));
      points.append(points.isEmpty() ? "" : " ");
      points.append(number("%d,%.0f", point.at().toEpochMilli(), point.value()));
    }
    out.raw("<path class=\"s%d\" d=\"%s\" data-name=\"".formatted(index, path));
    out.text(line.name()).raw("\" data-points=\"" + points + "\"/>");
  }

  private String rect(String className, double x, double width, int from, int to) {
    return number(
        "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>",
        className, x, from, Math.max(0, width), to - from);
  }

  private String vertical(String className, double x, int from) {
    return number(
        "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>",
        className, x, x, from, base());
  }

  /** Minutes that divide an hour, hours that divide a day, or whole days, at most seven of them. */
  private long step() {
    long minutes = Duration.between(span.from(), span.to()).toMinutes();
    for (int step : new int[] {1, 2, 5, 10, 15, 30}) {
      if (minutes / step <= 7) {
        return Duration.ofMinutes(step).toMillis();
      }
    }
    long hours = Duration.between(span.from(), span.to()).toHours();
    for (int step : new int[] {1, 2, 3, 6, 12, 24, 48, 96, 168}) {
      if (hours / step <= 7) {
        return Duration.ofHours(step).toMillis();
      }
    }
    return Duration.ofDays(Math.max(14, hours / 24 / 7 + 1)).toMillis();
  }

  /** Three or four times a power of two, so that a quarter of it is a round number of bytes. */
  private static double roundUp(double highest) {
    for (double unit = 1024; ; unit *= 2) {
      if (4 * unit >= highest) {
        return 3 * unit >= highest ? 3 * unit : 4 * unit;
      }
    }
  }

  private double x(Instant at) {
    double from = span.from().toEpochMilli();
    double share = (at.toEpochMilli() - from) / (span.to().toEpochMilli() - from);
    return LEFT + Math.max(0, Math.min(1, share)) * (WIDTH - LEFT - RIGHT);
  }

  private double y(double value) {
    return base() - value / top * (base() - TOP);
  }

  private static int base() {
    return HEIGHT - BOTTOM;
  }

  private static String number(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
