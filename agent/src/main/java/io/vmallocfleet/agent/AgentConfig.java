/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent;

import io.vmallocfleet.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Settings of an agent, from {@code VMALLOC_AGENT_} variables; the README table lists them.
 *
 * @param bootstrap Kafka bootstrap servers
 * @param kafka client properties passed through to the producer, TLS and SASL included
 * @param file what to read
 * @param interval from the start of one reading to the next
 * @param labels free labels of the host
 * @param sendPhys whether physical addresses of device mappings may leave the host
 */
public record AgentConfig(
    String bootstrap,
    Map<String, String> kafka,
    Path file,
    Duration interval,
    Map<String, String> labels,
    boolean sendPhys) {
  private static final String PREFIX = "VMALLOC_AGENT_";

  public static final Path PROC_VMALLOCINFO = Path.of("/proc/vmallocinfo");

  public AgentConfig {
    kafka = Map.copyOf(kafka);
    labels = Map.copyOf(labels);
  }

  /**
   * @throws IllegalArgumentException with one line for each thing that is wrong
   */
  public static AgentConfig from(Map<String, String> environment) {
    var settings = new Settings(PREFIX, environment);
    var config =
        new AgentConfig(
            settings.text("BOOTSTRAP", "127.0.0.1:9092"),
            settings.group("KAFKA"),
            Path.of(settings.text("FILE", PROC_VMALLOCINFO.toString())),
            settings.duration("INTERVAL", Duration.ofSeconds(10)),
            settings.group("LABEL"),
            settings.flag("SEND_PHYS", true));
    settings.finish();
    return config;
  }

  /** For the log: values of Kafka properties are left out, they may be secrets. */
  @Override
  public String toString() {
    return "AgentConfig[bootstrap=%s, kafka=%s, file=%s, interval=%s, labels=%s, sendPhys=%s]"
        .formatted(bootstrap, kafka.keySet(), file, interval, labels, sendPhys);
  }
}
