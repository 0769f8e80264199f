/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.alerts;

import io.vmallocfleet.local.records.Printable;
import io.vmallocfleet.pipeline.delivery.Annotations;
import io.vmallocfleet.pipeline.delivery.DeliverySettings;
import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.Transition;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** An alert as text for people. */
final class AlertText {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("MMM d HH:mm", Locale.ENGLISH);

  private AlertText() {}

  static String id(Alert alert) {
    String fingerprint = alert.getFingerprint();
    return fingerprint.length() <= KnownAlerts.SHOWN_ID || fingerprint.startsWith("self-")
        ? fingerprint
        : fingerprint.substring(0, KnownAlerts.SHOWN_ID);
  }

  /** The time of day, or the day and time when that was not today. */
  static String moment(Instant instant, Clock clock) {
    ZoneId zone = clock.getZone();
    boolean today = instant.atZone(zone).toLocalDate().equals(LocalDate.now(clock));
    return (today ? TIME : DAY).format(instant.atZone(zone));
  }

  /** Everything a person may want to know of it. */
  static List<String> of(Alert alert, Clock clock) {
    var lines = new ArrayList<String>();
    lines.add(Printable.line(alert.getFinding().getSentence()));
    lines.add("");
    field(lines, "state", state(alert, clock));
    field(lines, "severity", alert.getSeverity().name().toLowerCase(Locale.ROOT));
    if (alert.getMutedBy() != null) {
      field(lines, "muted by", alert.getMutedBy());
    }
    if (alert.getFoldedInto() != null) {
      field(lines, "folded into", alert.getFoldedInto());
    }
    field(lines, "on-call told", alert.getTold() ? "yes" : "no");
    field(lines, "episodes", String.valueOf(alert.getEpisodes()));
    new Annotations(DeliverySettings.none())
        .of(alert)
        .forEach(
            (name, text) -> {
              if (!name.equals("summary") && !name.equals("show")) {
                field(lines, name.replace('_', ' '), text);
              }
            });
    lines.add("");
    lines.add("HISTORY");
    for (Transition change : alert.getTransitions()) {
      String by = change.getBy().isEmpty() ? "" : " by " + change.getBy();
      lines.add(
          "  %-12s  %-12s  %s"
              .formatted(
                  moment(change.getAt(), clock),
                  change.getTo(),
                  Printable.line(change.getReason() + by)));
    }
    lines.add("");
    lines.add("LABELS");
    new TreeMap<>(alert.getLabels())
        .forEach((name, value) -> lines.add("  " + Printable.line(name + "=\"" + value + "\"")));
    return lines;
  }

  private static String state(Alert alert, Clock clock) {
    String since =
        switch (alert.getState()) {
          case RESOLVED -> "at " + moment(alert.getResolvedAt(), clock);
          case FIRING -> "since " + moment(alert.getFiringSince(), clock);
          case ACKNOWLEDGED -> "since " + moment(alert.getAcknowledgement().getAt(), clock);
          case PENDING, UNKNOWN -> "since " + moment(alert.getPendingSince(), clock);
        };
    return alert.getState() + " " + since + (alert.getFlapping() ? ", flapping" : "");
  }

  private static void field(List<String> lines, String name, String text) {
    String label = name;
    for (String line : text.lines().toList()) {
      lines.add("%-13s %s".formatted(label, Printable.line(line)));
      label = "";
    }
  }
}
