/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.delivery;

import io.vmallocfleet.callers.CallerKnowledge;
import io.vmallocfleet.callers.CallerMeaning;
import io.vmallocfleet.schemas.AffectedHost;
import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.ByteCount;
import io.vmallocfleet.schemas.Evidence;
import io.vmallocfleet.schemas.Finding;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a person who is woken needs to read; the same at every destination. */
public final class Annotations {
  private static final CallerKnowledge CALLERS = CallerKnowledge.bundled();
  private static final int SERIES_SHOWN = 12;

  private final DeliverySettings settings;

  public Annotations(DeliverySettings settings) {
    this.settings = settings;
  }

  /** By name; one without a text is left out. */
  public Map<String, String> of(Alert alert) {
    Finding finding = alert.getFinding();
    var texts = new LinkedHashMap<String, String>();
    put(texts, "summary", summary(alert));
    put(texts, "evidence", evidence(finding));
    put(texts, "worst_hosts", worstHosts(finding));
    put(texts, "explain", explanation(finding));
    put(texts, "owner", owner(alert));
    put(texts, "runbook_url", settings.runbookUrl() + "/" + runbook(alert) + ".md");
    put(texts, "sql", sql(finding));
    put(texts, "show", "./vmalloc-fleet alerts show " + alert.getFingerprint());
    if (alert.getAcknowledgement() != null) {
      put(
          texts,
          "acknowledged",
          "by %s: %s"
              .formatted(alert.getAcknowledgement().getBy(), alert.getAcknowledgement().getWhy()));
    }
    put(texts, "muted_by", alert.getMutedBy());
    put(texts, "folded_into", alert.getFoldedInto());
    return texts;
  }

  /** Where to look at it: the console or Flink; empty if no such place is known. */
  String link(Alert alert) {
    return settings.consoleUrl().isEmpty()
        ? ""
        : settings.consoleUrl()
            + "/alerts/"
            + URLEncoder.encode(alert.getFingerprint(), StandardCharsets.UTF_8);
  }

  private static String summary(Alert alert) {
    return (alert.getFlapping() ? "Flapping: " : "") + alert.getFinding().getSentence();
  }

  private static String owner(Alert alert) {
    return alert.getEscalation().isEmpty()
        ? alert.getOwner()
        : alert.getOwner() + ", then " + alert.getEscalation();
  }

  private static String runbook(Alert alert) {
    return alert
        .getLabels()
        .getOrDefault("kind", alert.getFinding().getKind().name())
        .toLowerCase(Locale.ROOT)
        .replace('_', '-');
  }

  private static String evidence(Finding finding) {
    Evidence numbers = finding.getEvidence();
    var lines = new LinkedHashMap<String, String>();
    if (numbers.getBytes() != 0 || numbers.getBaselineBytes() != 0) {
      lines.put("holds", new ByteCount(numbers.getBytes()).toString());
      lines.put("before", new ByteCount(numbers.getBaselineBytes()).toString());
    }
    if (numbers.getBytesPerHour() != null) {
      lines.put("an hour", new ByteCount(numbers.getBytesPerHour().longValue()).toString());
    }
    if (numbers.getScore() != 0) {
      lines.put("score", String.format(Locale.ROOT, "%.1f", numbers.getScore()));
    }
    if (finding.getConfidence() > 0) {
      lines.put("sure", Math.round(100 * finding.getConfidence()) + " %");
    }
    lines.put("since", second(finding.getSince()));
    if (finding.getExhaustionAt() != null) {
      lines.put("exhausted", second(finding.getExhaustionAt()));
    }
    if (finding.getRequestBytes() != null) {
      lines.put("request", new ByteCount(finding.getRequestBytes()).toString());
    }
    if (finding.getHosts() > 1) {
      lines.put(
          "hosts",
          finding.getHostsInCohort() > 0
              ? "%,d of %,d".formatted(finding.getHosts(), finding.getHostsInCohort())
              : "%,d".formatted(finding.getHosts()));
    }
    List<Long> series = numbers.getSeries();
    if (!series.isEmpty()) {
      lines.put(
          "series",
          series.subList(Math.max(0, series.size() - SERIES_SHOWN), series.size()).stream()
              .map(bytes -> new ByteCount(bytes).toString())
              .collect(Collectors.joining(", ")));
    }
    return lines.entrySet().stream()
        .map(line -> "%-10s%s".formatted(line.getKey(), line.getValue()))
        .collect(Collectors.joining("\n"));
  }

  private static String worstHosts(Finding finding) {
    return finding.getWorstHosts().stream()
        .map(Annotations::hostLine)
        .collect(Collectors.joining("\n"));
  }

  private static String hostLine(AffectedHost host) {
    return "%-20s %10s  +%s"
        .formatted(
            host.getHostname(),
            new ByteCount(host.getBytes()),
            new ByteCount(host.getGrowthBytes()));
  }

  private static String explanation(Finding finding) {
    if (finding.getFunction().isEmpty()) {
      return "";
    }
    CallerMeaning meaning = CALLERS.meaning(finding.getFunction(), finding.getModule());
    return meaning.known()
        ? "%s (%s): %s. Growth follows %s. When it keeps growing: %s"
            .formatted(
                finding.getFunction(),
                meaning.family().label(),
                withoutStop(meaning.purpose()),
                meaning.growth(),
                meaning.growthUsuallyMeans())
        : "%s is not described yet; purpose: %s"
            .formatted(finding.getFunction(), meaning.purpose());
  }

  private static String withoutStop(String sentence) {
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }

  /** One statement for the SQL client that shows where it comes from. */
  private static String sql(Finding finding) {
    if (finding.getHostId() == null) {
      return "SELECT * FROM vmalloc_caller_windows WHERE caller_function = %s AND kernel_build = %s ORDER BY window_end DESC LIMIT 60"
          .formatted(quoted(finding.getFunction()), quoted(finding.getCohort().getKernelBuild()));
    }
    if (finding.getFunction().isEmpty()) {
      return "SELECT * FROM vmalloc_host_windows WHERE host_id = %s ORDER BY window_end DESC LIMIT 60"
          .formatted(quoted(finding.getHostId()));
    }
    return "SELECT * FROM vmalloc_callers WHERE host_id = %s AND caller_function = %s ORDER BY taken_at DESC LIMIT 60"
        .formatted(quoted(finding.getHostId()), quoted(finding.getFunction()));
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static String second(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static void put(Map<String, String> texts, String name, String text) {
    if (text != null && !text.isEmpty()) {
      texts.put(name, text);
    }
  }
}
