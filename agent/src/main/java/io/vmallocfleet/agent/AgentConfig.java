/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent;

import io.vmallocfleet.agent.publish.ProducerSettings;
import io.vmallocfleet.agent.spool.SpoolLimits;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoReader;
import io.vmallocfleet.settings.Settings;
import io.vmallocfleet.settings.SettingsSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Settings of an agent, from a file, {@code VMALLOC_AGENT_} variables and the command line; the
 * README table lists them.
 *
 * @param bootstrap Kafka bootstrap servers
 * @param topic where snapshots go
 * @param kafka client properties passed through to the producer, TLS and SASL included; secrets are
 *     in it
 * @param file what to read
 * @param interval from the start of one reading to the next
 * @param labels free labels of the host
 * @param sendPhys whether physical addresses of device mappings may leave the host
 * @param spool directory of the spool; none to keep what waits in memory only
 * @param metricsAddress where metrics and health are served: this host only, unless set
 * @param metricsPort port for them; 0 for none
 */
public record AgentConfig(
    String bootstrap,
    String topic,
    Map<String, String> kafka,
    Path file,
    Duration interval,
    Map<String, String> labels,
    boolean sendPhys,
    Optional<Path> spool,
    SpoolLimits spoolLimits,
    String metricsAddress,
    int metricsPort) {
  /** Prefix of the variables. */
  public static final String PREFIX = "VMALLOC_AGENT_";

  /** Topic of the snapshots; {@code FleetTopic.SNAPSHOTS}, spelled out because Avro stays out. */
  public static final String TOPIC = "vmalloc.snapshots";

  private static final String LOOPBACK = "127.0.0.1";
  private static final String NO_SPOOL = "none";
  private static final SpoolLimits SPOOL_LIMITS = SpoolLimits.of(64L << 20, Duration.ofDays(1));
  private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);

  public AgentConfig {
    kafka = Map.copyOf(kafka);
    labels = Map.copyOf(labels);
  }

  /** An agent inside another program: no spool on disk, no metrics of its own. */
  public AgentConfig(
      String bootstrap,
      Map<String, String> kafka,
      Path file,
      Duration interval,
      Map<String, String> labels,
      boolean sendPhys) {
    this(
        bootstrap,
        TOPIC,
        kafka,
        file,
        interval,
        labels,
        sendPhys,
        Optional.empty(),
        SPOOL_LIMITS,
        LOOPBACK,
        0);
  }

  /**
   * From the environment, and the file that {@code VMALLOC_AGENT_CONFIG} in it names.
   *
   * @throws IllegalArgumentException with one line for each thing that is wrong
   */
  public static AgentConfig from(Map<String, String> environment) {
    return from(Optional.empty(), environment, Map.of());
  }

  /**
   * @param file Java properties; the weakest source. Without one, that of the environment
   * @param environment stronger
   * @param flags by dotted key; the strongest
   * @throws IllegalArgumentException with one line for each thing that is wrong
   */
  public static AgentConfig from(
      Optional<Path> file, Map<String, String> environment, Map<String, String> flags) {
    var sources = new ArrayList<SettingsSource>();
    file.or(() -> Optional.ofNullable(environment.get(PREFIX + "CONFIG")).map(Path::of))
        .map(SettingsSource::file)
        .ifPresent(sources::add);
    sources.add(SettingsSource.environment(PREFIX, environment));
    sources.add(SettingsSource.flags(flags));
    return from(sources);
  }

  private static AgentConfig from(List<SettingsSource> sources) {
    var settings = new Settings(sources);
    String bootstrap = settings.text("BOOTSTRAP", "127.0.0.1:9092");
    Map<String, String> kafka =
        ProducerSettings.withSecrets(settings.group("KAFKA"), settings::problem);
    ProducerSettings.validate(bootstrap, kafka, settings::problem);
    String spool = settings.text("SPOOL_DIRECTORY", "/var/lib/vmalloc-agent");
    var config =
        new AgentConfig(
            bootstrap,
            settings.text("TOPIC", TOPIC),
            kafka,
            Path.of(settings.text("FILE", VmallocinfoReader.VMALLOCINFO.toString())),
            settings.duration("INTERVAL", Duration.ofSeconds(10)),
            settings.group("LABEL"),
            settings.flag("SEND_PHYS", true),
            Optional.of(spool).filter(directory -> !directory.equals(NO_SPOOL)).map(Path::of),
            SpoolLimits.of(
                Math.max(1, settings.bytes("SPOOL_MAX_BYTES", SPOOL_LIMITS.maxBytes())),
                settings.duration("SPOOL_MAX_AGE", SPOOL_LIMITS.maxAge())),
            settings.text("METRICS_ADDRESS", LOOPBACK),
            settings.number("METRICS_PORT", 0, 0, 65_535));
    // Read before, only to be known as settings.
    settings.text("CONFIG", "");
    if (config.interval().compareTo(SHORTEST_INTERVAL) < 0) {
      settings.problem("the interval is %s: expected 100ms or more".formatted(config.interval()));
    }
    settings.finish();
    return config;
  }

  /** For the log: values of Kafka properties are left out, they may be secrets. */
  @Override
  public String toString() {
    return "bootstrap=%s topic=%s kafka=%s file=%s interval=%s labels=%s send.phys=%s spool=%s spool.max.bytes=%d spool.max.age=%s metrics.address=%s metrics.port=%d"
        .formatted(
            bootstrap,
            topic,
            kafka.keySet(),
            file,
            interval,
            labels,
            sendPhys,
            spool.map(Path::toString).orElse(NO_SPOOL),
            spoolLimits.maxBytes(),
            spoolLimits.maxAge(),
            metricsAddress,
            metricsPort);
  }
}
