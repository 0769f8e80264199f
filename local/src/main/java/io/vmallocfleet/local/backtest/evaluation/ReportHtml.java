/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A report as one HTML file that needs nothing else: styles, charts and its one script are inside,
 * and its content security policy forbids any request and any other script.
 */
public final class ReportHtml {
  private static final String STYLE = resource("report.css");
  private static final String SCRIPT = resource("report.js");
  private static final long BIG_FLEET = 100_000;

  private final Report report;
  private final Markup out = new Markup();

  private ReportHtml(Report report) {
    this.report = report;
  }

  public static String text(Report report) {
    return new ReportHtml(report).page();
  }

  private String page() {
    out.raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n");
    out.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ");
    out.raw("style-src 'unsafe-inline'; script-src 'sha256-" + sha256(SCRIPT) + "'\">\n");
    out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
    out.element("title", report.title())
        .raw("\n<style>" + STYLE + "</style></head>\n<body><main>\n");
    head();
    if (report.evaluation().isLabelled()) {
      summary();
      detectors();
      kinds();
    }
    if (report.comparison() != null) {
      comparison(report.comparison());
    }
    if (report.evaluation().isLabelled()) {
      incidents();
      out.element("h2", "False alerts");
      unexplained();
      lookAlikes();
    } else {
      out.element("p", "quiet", "There are no labels: alerts are shown, not judged.");
      unexplained();
    }
    out.raw("</main><script>" + SCRIPT + "</script></body></html>\n");
    return out.toString();
  }

  private void head() {
    Evaluation e = report.evaluation();
    Tally t = e.overall();
    out.element("h1", report.title());
    String hosts = "%,d host%s".formatted(e.hosts(), e.hosts() == 1 ? "" : "s");
    out.element(
        "p",
        "quiet",
        "%s, %s to %s UTC: %s host-days, %s."
            .formatted(
                hosts,
                Phrases.moment(e.span().from()),
                Phrases.moment(e.span().to()),
                Phrases.number(e.hosts() * e.span().days()),
                t.alerts() == 1 ? "1 alert" : t.alerts() + " alerts"));
  }

  private void summary() {
    Tally t = report.evaluation().overall();
    out.raw("<div class=\"tiles\">");
    tile("Incidents found", Phrases.share(t.recall()), Phrases.interval(t.recall()));
    tile("Alerts that were right", Phrases.share(t.precision()), Phrases.interval(t.precision()));
    tile(
        "False pages a day on 100,000 hosts", fleet(t.falsePages()), fleetInterval(t.falsePages()));
    tile(
        "Median delay",
        Phrases.duration(t.medianDelay()),
        "90 % within " + Phrases.duration(t.p90Delay()) + " of being visible");
    out.raw("</div>");
    out.element(
        "p",
        "quiet",
        "Ranges are 95 %% intervals: Wilson for shares, Garwood for rates. %d duplicates and %d alerts under another kind count neither as right nor as false. The figures for 100,000 hosts scale alerts by hosts; alerts on the whole fleet do not grow with it."
            .formatted(t.duplicates(), t.otherKind()));
  }

  private void tile(String name, String value, String range) {
    out.raw("<div>")
        .element("span", name)
        .element("b", value)
        .element("small", range)
        .raw("</div>\n");
  }

  private void detectors() {
    out.element("h2", "Beside the simplest rules");
    tableHead("Detector");
    for (DetectorScore score : report.detectors()) {
      row(score.detector(), score.tally());
    }
    out.raw("</tbody></table></div>\n");
  }

  private void kinds() {
    out.element("h2", "By kind");
    tableHead("Kind");
    for (Map.Entry<String, Tally> kind : report.evaluation().byKind().entrySet()) {
      row(kind.getKey(), kind.getValue());
    }
    out.raw("</tbody></table></div>\n");
  }

  private void tableHead(String first) {
    out.raw("<div class=\"scroll\"><table><thead><tr>").element("th", first);
    for (String name :
        List.of(
            "Alerts",
            "Precision",
            "Recall",
            "Recall, any kind",
            "False a host-day",
            "False pages a day on 100,000 hosts",
            "Median delay")) {
      out.element("th", name);
    }
    out.raw("</tr></thead><tbody>\n");
  }

  private void row(String name, Tally t) {
    out.raw("<tr>").element("th", name);
    cell(Integer.toString(t.alerts()), t.duplicates() == 0 ? "" : t.duplicates() + " duplicate");
    cell(Phrases.share(t.precision()), Phrases.interval(t.precision()));
    cell(Phrases.share(t.recall()), Phrases.interval(t.recall()));
    cell(Phrases.share(t.recallAnyKind()), Phrases.interval(t.recallAnyKind()));
    Rate f = t.falseAlerts();
    cell(
        Phrases.number(f.perHostDay()),
        f.events() + ", " + Phrases.number(f.low()) + "–" + Phrases.number(f.high()));
    cell(fleet(t.falsePages()), fleetInterval(t.falsePages()));
    cell(
        Phrases.duration(t.medianDelay()),
        t.p90Delay() == null ? "" : "90 %: " + Phrases.duration(t.p90Delay()));
    out.raw("</tr>\n");
  }

  private void cell(String value, String small) {
    out.raw("<td>").text(value).element("small", small).raw("</td>");
  }

  private static String fleet(Rate rate) {
    return Phrases.number(rate.perHostDay() * BIG_FLEET);
  }

  private static String fleetInterval(Rate rate) {
    return "%d seen, %s–%s"
        .formatted(
            rate.events(),
            Phrases.number(rate.low() * BIG_FLEET),
            Phrases.number(rate.high() * BIG_FLEET));
  }

  private void comparison(Comparison c) {
    out.element("h2", "Rules A against rules B");
    out.raw("<ul>");
    changes("A pages more", c.pagesMore().stream().map(Phrases::alert).toList());
    changes("A pages less", c.pagesLess().stream().map(Phrases::alert).toList());
    changes("A fires earlier", c.earlier().stream().map(ReportHtml::pair).toList());
    changes("A fires later", c.later().stream().map(ReportHtml::pair).toList());
    changes("Only A alerts", c.onlyA().stream().map(Phrases::alert).toList());
    changes("Only B alerts", c.onlyB().stream().map(Phrases::alert).toList());
    out.raw("</ul>").element("p", "quiet", c.same() + " alerts fire together.");
  }

  private static String pair(Comparison.Pair pair) {
    return "by " + Phrases.duration(pair.difference()) + ": " + Phrases.alert(pair.a());
  }

  private void changes(String what, List<String> alerts) {
    out.raw("<li>").element("b", what + ": " + (alerts.isEmpty() ? "none" : alerts.size()));
    if (!alerts.isEmpty()) {
      out.raw("<ul>");
      alerts.forEach(a -> out.element("li", a));
      out.raw("</ul>");
    }
    out.raw("</li>");
  }

  private void incidents() {
    out.element("h2", "Incidents");
    for (int i = 0; i < report.incidents().size(); i++) {
      Outcome o = report.evaluation().incidents().get(i);
      String state = o.found() ? "found" : o.foundByAnyKind() ? "under another kind" : "missed";
      open(o.label().id(), o.found() ? "good" : "bad", state);
      out.element("p", "quiet", String.join(" or ", o.label().kinds()) + where(o.label()));
      if (o.found()) {
        String when =
            o.delay().isNegative()
                ? Phrases.duration(o.delay().negated()) + " before it was expected to be visible"
                : Phrases.duration(o.delay()) + " after it became visible";
        out.raw("<p>")
            .element("b", when)
            .text(", " + Phrases.duration(o.delayFromStart()) + " after it began.")
            .raw("</p>");
      }
      o.alerts().forEach(this::sentence);
      Chart.draw(out, report.incidents().get(i), o.label(), o.alerts(), o.label().id());
      out.raw("</section>\n");
    }
  }

  /** Alerts that no incident stands behind; without labels these are all. */
  private void unexplained() {
    Map<String, JudgedAlert> judged =
        report.evaluation().alerts().stream()
            .collect(Collectors.toMap(a -> a.alert().id(), Function.identity(), (a, b) -> a));
    if (report.falseAlerts().isEmpty()) {
      out.element("p", "quiet", "None.");
    }
    long all = report.evaluation().overall().falseAlerts().events();
    if (all > report.falseAlerts().size()) {
      out.element("p", "quiet", "The first %d of %d.".formatted(report.falseAlerts().size(), all));
    }
    for (Report.Card card : report.falseAlerts()) {
      JudgedAlert alert = judged.get(card.id());
      boolean benign = alert.verdict() == Verdict.BENIGN;
      String on = benign ? "fell for " + String.join(", ", alert.labelIds()) : "nothing there";
      if (report.evaluation().isLabelled()) {
        open(alert.alert().place(), "bad", on);
      } else {
        out.raw("<section>").element("h3", alert.alert().place());
      }
      sentence(alert.alert());
      Chart.draw(out, card, null, List.of(alert.alert()), alert.alert().place());
      out.raw("</section>\n");
    }
  }

  private void lookAlikes() {
    out.element("h2", "Harmless look-alikes");
    if (report.lookAlikes().isEmpty()) {
      out.element("p", "quiet", "None.");
    }
    for (int i = 0; i < report.lookAlikes().size(); i++) {
      Outcome o = report.evaluation().lookAlikes().get(i);
      boolean survived = o.alerts().isEmpty();
      open(o.label().id(), survived ? "good" : "bad", survived ? "no alert" : "false alert");
      out.element("p", "quiet", "Looks like trouble" + where(o.label()));
      o.alerts().forEach(this::sentence);
      Chart.draw(out, report.lookAlikes().get(i), o.label(), o.alerts(), o.label().id());
      out.raw("</section>\n");
    }
  }

  private void open(String title, String tone, String state) {
    out.raw("<section><h3>").text(title).raw(" ");
    out.element("span", "badge " + tone, (tone.equals("good") ? "✓ " : "✗ ") + state).raw("</h3>");
  }

  private void sentence(AlertSpan alert) {
    out.raw("<p class=\"sentence\">").element("span", "severity", alert.severity());
    out.text(" " + alert.sentence() + " ");
    String when = Phrases.whenAndWhose(alert);
    out.element("small", "%s, %s, %s".formatted(alert.kind(), alert.place(), when));
    out.raw("</p>");
  }

  private static String where(Label label) {
    List<String> names = label.hostnames().isEmpty() ? label.hostIds() : label.hostnames();
    String hosts;
    if (names.isEmpty()) {
      hosts = " on the whole fleet";
    } else if (names.size() <= 3) {
      hosts = " on " + String.join(", ", names);
    } else {
      hosts =
          " on %s and %d more".formatted(String.join(", ", names.subList(0, 2)), names.size() - 2);
    }
    return "%s%s, %s to %s UTC."
        .formatted(whose(label), hosts, Phrases.moment(label.from()), Phrases.moment(label.to()));
  }

  /** The same function may be there under the names of two kernels. */
  private static String whose(Label label) {
    return label.callers().isEmpty()
        ? ""
        : label.callers().stream()
            .limit(2)
            .map(c -> c.module().isEmpty() ? c.function() : c.function() + " [" + c.module() + "]")
            .collect(Collectors.joining(" and ", " of ", ""));
  }

  private static String resource(String name) {
    try (InputStream in = ReportHtml.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return Base64.getEncoder()
          .encodeToString(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
