/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.alerts;

import io.vmallocfleet.local.kafka.KafkaOptions;
import io.vmallocfleet.local.tail.JsonLine;
import io.vmallocfleet.schemas.Alert;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** One alert with evidence, history and labels. */
@Command(
    name = "show",
    description = "Show one alert: evidence, what its caller is for, history, labels.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ShowAlert implements Runnable {
  @Parameters(paramLabel = "ID", description = "Its fingerprint, or the beginning of it.")
  private String id;

  @Option(names = "--json", description = "As one JSON object, all its fields.")
  private boolean json;

  @Mixin private final KafkaOptions kafka;
  @Spec private CommandSpec spec;

  private final Clock clock;

  ShowAlert(Supplier<String> runningStack, Clock clock) {
    this.kafka = new KafkaOptions(runningStack);
    this.clock = clock;
  }

  @Override
  public void run() {
    Alert alert = KnownAlerts.read(kafka.access()).named(id);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonLine.of(alert));
    } else {
      AlertText.of(alert, clock).forEach(out::println);
    }
    out.flush();
  }
}
