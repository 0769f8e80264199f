/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import io.vmallocfleet.schemas.Acknowledgement;
import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.Finding;
import java.util.List;
import java.util.Map;
import javax.annotation.Nullable;

/**
 * An alert as JSON, or a finding no alert speaks of yet, whose state is {@code FOUND}. Times are
 * epoch milliseconds, meanings as in {@code Alert.avsc}.
 */
public record AlertView(
    String fingerprint,
    String state,
    boolean flapping,
    String severity,
    String owner,
    String escalation,
    Map<String, String> labels,
    @Nullable String foldedInto,
    @Nullable String mutedBy,
    @Nullable Acknowledged acknowledgement,
    long pendingSince,
    @Nullable Long firingSince,
    @Nullable Long resolvedAt,
    long updatedAt,
    long episodes,
    List<Change> transitions,
    FindingView finding) {
  /** State of a finding that no alert speaks of. */
  public static final String FOUND = "FOUND";

  /** Who has it in hand. */
  public record Acknowledged(long at, String by, String why, boolean untilResolved) {}

  /** One change of state. */
  public record Change(long at, String from, String to, String reason, String by) {}

  static AlertView of(Alert alert) {
    Acknowledgement acknowledgement = alert.getAcknowledgement();
    return new AlertView(
        alert.getFingerprint(),
        alert.getState().name(),
        alert.getFlapping(),
        alert.getSeverity().name(),
        alert.getOwner(),
        alert.getEscalation(),
        alert.getLabels(),
        alert.getFoldedInto(),
        alert.getMutedBy(),
        acknowledgement == null
            ? null
            : new Acknowledged(
                acknowledgement.getAt().toEpochMilli(),
                acknowledgement.getBy(),
                acknowledgement.getWhy(),
                acknowledgement.getUntilResolved()),
        alert.getPendingSince().toEpochMilli(),
        FindingView.millis(alert.getFiringSince()),
        FindingView.millis(alert.getResolvedAt()),
        alert.getUpdatedAt().toEpochMilli(),
        alert.getEpisodes(),
        alert.getTransitions().stream()
            .map(
                t ->
                    new Change(
                        t.getAt().toEpochMilli(),
                        t.getFrom().name(),
                        t.getTo().name(),
                        t.getReason(),
                        t.getBy()))
            .toList(),
        FindingView.of(alert.getFinding()));
  }

  static AlertView of(Finding finding, long firstSeen) {
    return new AlertView(
        finding.getFingerprint(),
        FOUND,
        false,
        finding.getSeverity().name(),
        "",
        "",
        finding.getLabels(),
        null,
        null,
        null,
        firstSeen,
        null,
        null,
        finding.getWindowEnd().toEpochMilli(),
        0,
        List.of(),
        FindingView.of(finding));
  }
}
