/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.alerts;

import io.vmallocfleet.alerts.Acknowledger;
import io.vmallocfleet.alerts.AlertMemory;
import io.vmallocfleet.alerts.Labels;
import io.vmallocfleet.alerts.Owner;
import io.vmallocfleet.schemas.Acknowledgement;
import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.Transition;
import java.time.Instant;
import javax.annotation.Nullable;

/** What is tracked of an alert as the record that is published. */
final class AlertRecord {
  static {
    // The builder takes defaults from the schema, and Avro refuses to make our enums of them on a
    // task manager where nothing of ours has been decoded yet.
    SingleObject.trustOwnClasses();
  }

  private AlertRecord() {}

  static Alert of(TrackedAlert tracked, Owner owner) {
    AlertMemory memory = tracked.memory();
    long updated =
        Math.max(
            tracked.finding().getWindowEnd().toEpochMilli(),
            memory.changes().get(memory.changes().size() - 1).atMillis());
    return Alert.newBuilder()
        .setFingerprint(tracked.finding().getFingerprint())
        .setState(memory.state())
        .setFlapping(memory.flapping())
        .setTold(memory.told())
        .setSeverity(memory.severity())
        .setOwner(owner.team())
        .setEscalation(owner.escalation())
        .setLabels(Labels.of(tracked.finding(), memory.severity(), owner))
        .setFoldedInto(tracked.circumstances().foldedInto())
        .setMutedBy(tracked.circumstances().mutedBy())
        .setAcknowledgement(acknowledgement(memory.acknowledger()))
        .setPendingSince(Instant.ofEpochMilli(memory.pendingSinceMillis()))
        .setFiringSince(orNone(memory.firingSinceMillis()))
        .setResolvedAt(orNone(memory.resolvedAtMillis()))
        .setUpdatedAt(Instant.ofEpochMilli(updated))
        .setEpisodes(memory.episodes())
        .setTransitions(
            memory.changes().stream()
                .map(
                    change ->
                        new Transition(
                            Instant.ofEpochMilli(change.atMillis()),
                            change.from(),
                            change.to(),
                            change.reason(),
                            change.by()))
                .toList())
        .setFinding(tracked.finding())
        .build();
  }

  private static @Nullable Acknowledgement acknowledgement(@Nullable Acknowledger who) {
    return who == null
        ? null
        : new Acknowledgement(
            Instant.ofEpochMilli(who.atMillis()), who.by(), who.why(), who.untilResolved());
  }

  private static @Nullable Instant orNone(long millis) {
    return millis == 0 ? null : Instant.ofEpochMilli(millis);
  }
}
