/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent;

import io.vmallocfleet.agent.check.CheckResult;
import io.vmallocfleet.agent.check.HostChecks;
import io.vmallocfleet.agent.publish.BrokerChecks;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what would keep the agent from working, without sending anything. */
@Command(
    name = "check",
    description = "Test reading, settings, spool, broker, topic and permission; send nothing.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class CheckCommand implements Callable<Integer> {
  @Mixin private ConfigOptions settings;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<CheckResult> results = new ArrayList<>();
    try {
      AgentConfig config = settings.config(System.getenv());
      results.add(CheckResult.ok("settings", config.toString()));
      results.add(HostChecks.reading(config.file()));
      results.add(HostChecks.spool(config.spool(), config.spoolLimits().maxBytes()));
      results.addAll(BrokerChecks.run(config.bootstrap(), config.topic(), config.kafka()));
    } catch (IllegalArgumentException e) {
      e.getMessage().lines().forEach(line -> results.add(CheckResult.fail("settings", line)));
    }
    results.forEach(result -> out.println(result.line()));
    return results.stream().anyMatch(r -> r.outcome() == CheckResult.Outcome.FAIL) ? 1 : 0;
  }
}
