/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.alerts;

import io.vmallocfleet.alerts.Matcher;
import io.vmallocfleet.local.kafka.KafkaOptions;
import io.vmallocfleet.local.records.Printable;
import io.vmallocfleet.local.tail.JsonLine;
import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.AlertState;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import javax.annotation.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Lists alerts.
 *
 * <pre>
 * ID            STATE         SEVERITY  SINCE     TEAM    ALERT
 * 5f0c1d9a33b2  FIRING        page      14:02:10  bpf     htab_map_alloc on sim-007 holds 284.9 MiB ...
 * </pre>
 */
@Command(
    name = "list",
    description = "List alerts that are there, the loudest first.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ListAlerts implements Runnable {
  @Parameters(
      paramLabel = "MATCHER",
      arity = "0..*",
      converter = MatcherOption.class,
      description = "Only those whose labels match, such as severity=page or 'caller=~bpf_.*'.")
  private List<Matcher> matchers = List.of();

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "Only pending, firing, acknowledged or resolved ones.")
  private @Nullable AlertState state;

  @Option(
      names = "--all",
      description = "Also those that are over, muted, or folded into a fleet alert.")
  private boolean all;

  @Option(names = "--json", description = "One JSON object an alert, all its fields.")
  private boolean json;

  @Mixin private final KafkaOptions kafka;
  @Spec private CommandSpec spec;

  private final Clock clock;

  ListAlerts(Supplier<String> runningStack, Clock clock) {
    this.kafka = new KafkaOptions(runningStack);
    this.clock = clock;
  }

  @Override
  public void run() {
    List<Alert> matching =
        KnownAlerts.read(kafka.access()).alerts().stream()
            .filter(alert -> Matcher.allMatch(matchers, alert.getLabels()))
            .filter(alert -> state == null || alert.getState() == state)
            .toList();
    List<Alert> shown = matching.stream().filter(this::isShown).toList();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      shown.forEach(alert -> out.println(JsonLine.of(alert)));
    } else {
      print(out, shown);
      sayWhatIsHidden(out, matching);
    }
    out.flush();
  }

  private boolean isShown(Alert alert) {
    return all
        || ((state != null || alert.getState() != AlertState.RESOLVED)
            && alert.getMutedBy() == null
            && alert.getFoldedInto() == null);
  }

  private void print(PrintWriter out, List<Alert> alerts) {
    if (alerts.isEmpty()) {
      out.println("No alerts.");
      return;
    }
    int team = alerts.stream().mapToInt(a -> a.getOwner().length()).max().orElse(4);
    String row =
        "%-" + KnownAlerts.SHOWN_ID + "s  %-12s  %-8s  %-12s  %-" + Math.max(4, team) + "s  %s%n";
    out.printf(row, "ID", "STATE", "SEVERITY", "SINCE", "TEAM", "ALERT");
    for (Alert alert : alerts) {
      out.printf(
          row,
          AlertText.id(alert),
          alert.getState(),
          alert.getSeverity().name().toLowerCase(Locale.ROOT),
          AlertText.moment(alert.getPendingSince(), clock),
          Printable.line(alert.getOwner()),
          marks(alert) + Printable.line(alert.getFinding().getSentence()));
    }
  }

  private static String marks(Alert alert) {
    return (alert.getFlapping() ? "[flapping] " : "")
        + (alert.getMutedBy() == null ? "" : "[muted] ")
        + (alert.getFoldedInto() == null ? "" : "[folded] ");
  }

  private void sayWhatIsHidden(PrintWriter out, List<Alert> matching) {
    List<Alert> open = matching.stream().filter(a -> a.getState() != AlertState.RESOLVED).toList();
    long folded = open.stream().filter(alert -> alert.getFoldedInto() != null).count();
    long muted =
        open.stream()
            .filter(alert -> alert.getMutedBy() != null && alert.getFoldedInto() == null)
            .count();
    if (!all && folded + muted > 0) {
      out.printf(
          Locale.ROOT,
          "Not shown: %,d muted, %,d folded into fleet alerts; --all shows them.%n",
          muted,
          folded);
    }
  }
}
