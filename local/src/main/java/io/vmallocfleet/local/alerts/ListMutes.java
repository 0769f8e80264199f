/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.alerts;

import io.vmallocfleet.alerts.Matcher;
import io.vmallocfleet.local.kafka.KafkaOptions;
import io.vmallocfleet.local.records.Printable;
import io.vmallocfleet.local.tail.JsonLine;
import io.vmallocfleet.schemas.Rule;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the mutes in force. */
@Command(
    name = "mutes",
    description = "List the mutes in force.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ListMutes implements Runnable {
  @Option(names = "--json", description = "One JSON object a mute, all its fields.")
  private boolean json;

  @Mixin private final KafkaOptions kafka;
  @Spec private CommandSpec spec;

  private final Clock clock;

  ListMutes(Supplier<String> runningStack, Clock clock) {
    this.kafka = new KafkaOptions(runningStack);
    this.clock = clock;
  }

  @Override
  public void run() {
    List<Rule> mutes = Mutes.inForce(kafka.access(), clock.instant());
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      mutes.forEach(mute -> out.println(JsonLine.of(mute)));
    } else if (mutes.isEmpty()) {
      out.println("No mutes.");
    } else {
      out.printf("%-13s  %-12s  %-10s  %s%n", "ID", "UNTIL", "BY", "WHAT");
      mutes.forEach(
          mute ->
              out.printf(
                  "%-13s  %-12s  %-10s  %s: %s%n",
                  mute.getRuleId(),
                  mute.getUntil() == null ? "-" : AlertText.moment(mute.getUntil(), clock),
                  Printable.line(mute.getBy()),
                  Printable.line(what(mute)),
                  Printable.line(mute.getWhy())));
    }
    out.flush();
  }

  private static String what(Rule mute) {
    return mute.getMatchers().stream()
        .map(m -> new Matcher(m.getLabel(), m.getOperator(), m.getValue()).toString())
        .collect(Collectors.joining(", "));
  }
}
