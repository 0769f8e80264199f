/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest;

import io.vmallocfleet.alerts.AlertEvent;
import io.vmallocfleet.alerts.AlertLifecycle;
import io.vmallocfleet.alerts.AlertMemory;
import io.vmallocfleet.alerts.AlertPolicy;
import io.vmallocfleet.alerts.Circumstances;
import io.vmallocfleet.alerts.Fold;
import io.vmallocfleet.alerts.Owners;
import io.vmallocfleet.local.backtest.evaluation.AlertSpan;
import io.vmallocfleet.schemas.AffectedHost;
import io.vmallocfleet.schemas.AlertState;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.Severity;
import io.vmallocfleet.schemas.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.annotation.Nullable;

/**
 * Findings through the lifecycle that routes alerts: what fires, from when to when, and to whom. An
 * alert that a fleet alert speaks for when it fires tells nobody, and is INFO here.
 */
final class AlertReplay {
  static final String DETECTOR = "fleet-analytics";

  private final Owners owners;
  private final Map<String, Alert> alerts = new LinkedHashMap<>();
  private final Set<String> silentHosts = new HashSet<>();
  private final Map<String, Long> heardAgain = new HashMap<>();
  private final Map<String, String> speaking = new HashMap<>();
  private final List<AlertSpan> spans = new ArrayList<>();

  /** One fingerprint. */
  private static final class Alert {
    private AlertMemory memory = AlertMemory.NOTHING;
    private Finding last;
    private boolean hushed;
    private Severity loudest = Severity.INFO;
  }

  private AlertReplay(Owners owners) {
    this.owners = owners;
  }

  /**
   * @param findings ascending by window
   * @param end of the recording: what still fires then is not over
   */
  static List<AlertSpan> of(List<Finding> findings, Owners owners, Instant end) {
    var replay = new AlertReplay(owners);
    long now = Long.MIN_VALUE;
    for (Finding finding : findings) {
      long at = finding.getWindowEnd().toEpochMilli();
      if (at > now) {
        replay.passUntil(at);
        now = at;
      }
      replay.take(finding);
    }
    replay.passUntil(end.toEpochMilli());
    replay.alerts.values().forEach(replay::stillFiring);
    return replay.spans;
  }

  /** Ends what would have ended before then. */
  private void passUntil(long atMillis) {
    for (Alert alert : alerts.values()) {
      long ends =
          AlertLifecycle.endsUnlessSeen(alert.memory, policy(alert), circumstances(alert.last));
      // What is seen at the very moment is seen.
      if (ends < atMillis) {
        happens(alert, new AlertEvent.TimePassed(ends));
      }
    }
  }

  private void take(Finding finding) {
    note(finding);
    Alert alert = alerts.get(finding.getFingerprint());
    if (alert == null) {
      if (finding.getVerdict() == Verdict.GONE) {
        return; // the end of something this recording does not show
      }
      alert = new Alert();
      alerts.put(finding.getFingerprint(), alert);
    }
    if (alert.last == null || finding.getVerdict() != Verdict.GONE) {
      alert.last = finding;
    }
    happens(alert, AlertEvent.of(finding));
  }

  private void note(Finding finding) {
    if (finding.getKind() != FindingKind.HOST_SILENT || finding.getHostId() == null) {
      return;
    }
    if (finding.getVerdict() == Verdict.GONE) {
      silentHosts.remove(finding.getHostId());
      heardAgain.put(finding.getHostId(), finding.getWindowEnd().toEpochMilli());
    } else {
      silentHosts.add(finding.getHostId());
    }
  }

  private void happens(Alert alert, AlertEvent event) {
    AlertMemory before = alert.memory;
    Circumstances around = circumstances(alert.last);
    alert.memory = AlertLifecycle.after(before, event, policy(alert), around);
    boolean fires = alert.memory.state() == AlertState.FIRING;
    if (fires && before.state() != AlertState.FIRING) {
      alert.hushed = around.foldedInto() != null;
      alert.loudest = Severity.INFO;
      if (Fold.speaks(alert.last.getKind())) {
        speaking.put(Fold.spokenFor(alert.last), alert.last.getFingerprint());
      }
    }
    if (fires && alert.memory.severity().compareTo(alert.loudest) > 0) {
      alert.loudest = alert.memory.severity();
    }
    if (before.state() == AlertState.FIRING && alert.memory.state() == AlertState.RESOLVED) {
      speaking.values().remove(alert.last.getFingerprint());
      spans.add(span(alert, before, Instant.ofEpochMilli(alert.memory.resolvedAtMillis())));
    }
  }

  private void stillFiring(Alert alert) {
    if (alert.memory.state() == AlertState.FIRING) {
      spans.add(span(alert, alert.memory, null));
    }
  }

  private static AlertPolicy policy(Alert alert) {
    return AlertPolicy.of(alert.last.getKind());
  }

  private Circumstances circumstances(Finding finding) {
    String speaker =
        Fold.speakers(finding).stream()
            .map(speaking::get)
            .filter(s -> s != null)
            .findFirst()
            .orElse(null);
    String host = finding.getHostId();
    return new Circumstances(
        null,
        speaker,
        host != null && silentHosts.contains(host),
        host == null ? 0 : heardAgain.getOrDefault(host, 0L));
  }

  private AlertSpan span(Alert alert, AlertMemory fired, @Nullable Instant resolvedAt) {
    Finding last = alert.last;
    return new AlertSpan(
        last.getFingerprint() + "-" + spans.size(),
        last.getKind().name(),
        (alert.hushed ? Severity.INFO : alert.loudest).name(),
        orEmpty(last.getHostId()),
        orEmpty(last.getHostname()),
        last.getFunction(),
        last.getModule(),
        last.getPurpose(),
        last.getCohort().getKernelBuild(),
        owners.of(last).team(),
        last.getWorstHosts().stream().map(AffectedHost::getHostId).toList(),
        Instant.ofEpochMilli(fired.firingSinceMillis()),
        resolvedAt,
        last.getSentence(),
        DETECTOR);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
