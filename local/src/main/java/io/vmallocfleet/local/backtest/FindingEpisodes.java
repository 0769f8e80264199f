/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest;

import io.vmallocfleet.local.backtest.evaluation.AlertSpan;
import io.vmallocfleet.schemas.AffectedHost;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.annotation.Nullable;

/**
 * Findings of one trouble as one alert: from the first window that shows it to the one that says it
 * is over, or to the last that shows it when none came for {@link #PATIENCE}.
 */
final class FindingEpisodes {
  /** A detector that confirms by the bucket is silent for as long in between. */
  static final Duration PATIENCE = Duration.ofHours(1);

  static final String DETECTOR = "fleet-analytics";

  private record Episode(Finding first, Finding last, @Nullable Instant endedAt) {
    boolean isOverBy(Instant at) {
      return endedAt != null || last.getWindowEnd().plus(PATIENCE).isBefore(at);
    }
  }

  private FindingEpisodes() {}

  /**
   * @param findings ascending by window
   * @param end of the recording: what was shown shortly before it still lasts
   */
  static List<AlertSpan> of(List<Finding> findings, Instant end) {
    Map<String, Episode> open = new LinkedHashMap<>();
    List<AlertSpan> spans = new ArrayList<>();
    for (Finding finding : findings) {
      Episode episode = open.get(finding.getFingerprint());
      if (episode != null && episode.isOverBy(finding.getWindowEnd())) {
        spans.add(span(episode, spans.size(), end));
        episode = null;
      }
      boolean gone = finding.getVerdict() == Verdict.GONE;
      if (episode == null && gone) {
        continue; // the end of something this recording does not show
      }
      open.put(
          finding.getFingerprint(),
          new Episode(
              episode == null ? finding : episode.first(),
              finding,
              gone ? finding.getWindowEnd() : null));
    }
    open.values().forEach(episode -> spans.add(span(episode, spans.size(), end)));
    return spans;
  }

  private static AlertSpan span(Episode episode, int number, Instant end) {
    Finding last = episode.last();
    Instant over = episode.endedAt();
    if (over == null && episode.isOverBy(end)) {
      over = last.getWindowEnd();
    }
    return new AlertSpan(
        last.getFingerprint() + "-" + number,
        last.getKind().name(),
        last.getSeverity().name(),
        orEmpty(last.getHostId()),
        orEmpty(last.getHostname()),
        last.getFunction(),
        last.getModule(),
        last.getPurpose(),
        last.getCohort().getKernelBuild(),
        "",
        last.getWorstHosts().stream().map(AffectedHost::getHostId).toList(),
        episode.first().getWindowEnd(),
        over,
        last.getSentence(),
        DETECTOR);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
