/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Options that are settings: texts, which {@link AgentConfig} checks together with those from the
 * other places.
 */
public final class ConfigOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Settings as Java properties, such as interval = 10s. Weaker than VMALLOC_AGENT_..."
              + " variables (VMALLOC_AGENT_CONFIG names this file), and those than options.")
  private Path config;

  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT,...",
      description = "Kafka brokers to begin with (default: 127.0.0.1:9092).")
  private String bootstrap;

  @Option(
      names = "--topic",
      paramLabel = "NAME",
      description = "Where snapshots go (default: " + AgentConfig.TOPIC + ").")
  private String topic;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "What to read (default: /proc/vmallocinfo).")
  private String file;

  @Option(
      names = "--interval",
      paramLabel = "DURATION",
      description = "From one reading to the next (default: 10s).")
  private String interval;

  @Option(
      names = "--send-phys",
      paramLabel = "true|false",
      description = "Send physical addresses of device mappings (default: true).")
  private String sendPhys;

  @Option(
      names = "--spool-directory",
      paramLabel = "DIR",
      description =
          "Where snapshots wait for the broker; none for memory only (default:"
              + " /var/lib/vmalloc-agent).")
  private String spoolDirectory;

  @Option(
      names = "--spool-max-bytes",
      paramLabel = "SIZE",
      description = "How much may wait (default: 64MiB).")
  private String spoolMaxBytes;

  @Option(
      names = "--spool-max-age",
      paramLabel = "DURATION",
      description = "How long it may wait (default: 1d).")
  private String spoolMaxAge;

  @Option(
      names = "--metrics-address",
      paramLabel = "ADDRESS",
      description = "Where to serve /metrics and /health (default: 127.0.0.1, to this host only).")
  private String metricsAddress;

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      description = "On which port (default: 0, not at all).")
  private String metricsPort;

  @Option(
      names = "--label",
      paramLabel = "NAME=VALUE",
      description = "Label of this host, such as region=eu1; repeatable.")
  private Map<String, String> label = Map.of();

  @Option(
      names = "--kafka",
      paramLabel = "NAME=VALUE",
      description =
          "Any property of Kafka's producer; repeatable. NAME.file=PATH reads a secret from a file.")
  private Map<String, String> kafka = Map.of();

  @Spec private CommandSpec spec;

  /**
   * @throws IllegalArgumentException with one line for each thing that is wrong
   */
  public AgentConfig config(Map<String, String> environment) {
    return AgentConfig.from(Optional.ofNullable(config), environment, flags());
  }

  private Map<String, String> flags() {
    var flags = new TreeMap<String, String>();
    for (OptionSpec option : spec.options()) {
      if (option.getValue() instanceof String text) {
        flags.put(option.longestName().substring(2).replace('-', '.'), text);
      }
    }
    label.forEach((name, value) -> flags.put("label." + name, value));
    kafka.forEach((name, value) -> flags.put("kafka." + name, value));
    return flags;
  }
}
