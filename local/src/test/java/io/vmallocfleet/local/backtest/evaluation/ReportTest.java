/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {

  @Test
  void hostile_names_stay_text() {
    String hostile = "\"><script>alert(1)</script>'&\u202e";
    Label label = Made.incident(hostile, "LEAK", hostile, hostile, 1, 5);
    AlertSpan found = Made.alert("1", "LEAK", "PAGE", hostile, hostile, 2, null);
    AlertSpan wrong = Made.alert("2", hostile, hostile, hostile + "2", hostile, 2, null);
    List<AlertSpan> alerts = List.of(found, wrong);
    Evaluation e = Evaluation.of(List.of(label), alerts, 1, Made.days(1));

    String html =
        ReportHtml.text(
            Report.of(
                hostile,
                e,
                List.of(DetectorScore.of(hostile, e)),
                Comparison.of(alerts, List.of()),
                (h, f, m) -> List.of(new SeriesPoint(Made.hour(1), 5))));

    // Ours is the only script; a name cannot end an attribute either.
    assertThat(html.split("<script", -1)).hasSize(2);
    assertThat(html)
        .doesNotContain("\"><script>alert", "\u202e")
        .contains("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;&amp;?");
  }

  @Test
  void html_asks_nothing_of_the_network() {
    assertThat(ReportHtml.text(SampleReport.report()))
        .contains("default-src 'none'")
        .doesNotContain("http://", "https://", "src=", "href=", "@import", "url(");
  }

  @Test
  void without_labels_no_alert_is_called_false() {
    Evaluation e =
        Evaluation.of(
            List.of(),
            List.of(Made.alert("1", "LEAK", "PAGE", "h1", "a", 4, null)),
            10,
            Made.days(1));

    String html =
        ReportHtml.text(
            Report.of(
                "unlabelled",
                e,
                List.of(DetectorScore.of("ours", e)),
                null,
                (h, f, m) -> List.of(new SeriesPoint(Made.hour(1), 5))));

    assertThat(html)
        .contains("alerts are shown, not judged", "a on h1")
        .doesNotContain("False alerts", "nothing there", "Alerts that were right");
  }

  @Test
  void json_has_the_fields_it_has_always_had() throws IOException {
    Label label = Made.incident("leak", "LEAK", "h1", "a", 1, 5);
    Evaluation e =
        Evaluation.of(
            List.of(label),
            List.of(Made.alert("1", "LEAK", "PAGE", "h1", "a", 4, null)),
            10,
            Made.days(1));
    Report report =
        Report.of(
            "one leak",
            e,
            List.of(DetectorScore.of("ours", e)),
            null,
            (h, f, m) -> List.of(new SeriesPoint(Made.hour(1), 5)));

    try (InputStream golden = getClass().getResourceAsStream("report.json")) {
      assertThat(ReportJson.text(report) + "\n")
          .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
