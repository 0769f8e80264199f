/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.stack.StackException;
import io.vmallocfleet.local.stack.TopicAdmin;
import io.vmallocfleet.schemas.FleetTopic;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import javax.annotation.Nullable;

/**
 * Fills the topics, warms every variant up, then runs them round by round, so that whatever else
 * the machine does meets them alike.
 */
final class Bench {
  /** A record per area costs that much more than a snapshot: so many times fewer are read. */
  private static final int FEWER_BY_AREA = 20;

  /** A broker on a machine that has other work may take its time. */
  static final Duration PATIENCE = Duration.ofMinutes(3);

  static final String WAITING =
      "waiting for the broker, %d min at most".formatted(PATIENCE.toMinutes());

  private final Settings settings;
  private final Progress progress;
  private final ObjectMapper json = new ObjectMapper();

  /**
   * @param runs measured ones of each variant
   * @param warmups unmeasured ones before them
   * @param flink settings of Flink beside or instead of the usual ones
   * @param heap of each Flink process, as {@code -Xmx} takes it
   * @param profiles where profiles and logs are kept; null for nowhere
   */
  record Settings(
      Load load,
      List<Variant> variants,
      int runs,
      int warmups,
      int parallelism,
      String stateBackend,
      Map<String, String> flink,
      String heap,
      @Nullable Path profiles) {}

  Bench(Settings settings, Progress progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * @param directory for the broker's records and Flink's checkpoints
   */
  BenchResult run(Path directory) throws IOException {
    Machine machine = Machine.here();
    try (JavaProcess broker =
        BrokerProcess.start(directory.resolve("kafka"), log(directory, "kafka"))) {
      String bootstrap = broker.hear();
      progress.begin(WAITING);
      Filling.createTopics(bootstrap, settings.parallelism, PATIENCE);
      progress.begin("filling the topic");
      Filling.Filled filled =
          Filling.fill(
              bootstrap,
              settings.load,
              settings.variants.contains(Variant.PER_AREA)
                  ? settings.load.snapshots() / FEWER_BY_AREA
                  : 0,
              PATIENCE,
              progress::share);
      List<VariantResult> variants = measure(broker, bootstrap, filled, directory);
      return new BenchResult(
          Instant.now().truncatedTo(ChronoUnit.SECONDS),
          machine,
          settings.load,
          filled,
          settings.parallelism,
          settings.stateBackend,
          settings.flink,
          settings.heap,
          hostWindowBytes(bootstrap),
          variants);
    }
  }

  private static long hostWindowBytes(String bootstrap) {
    try (var admin = new TopicAdmin(KafkaAccess.open(bootstrap), PATIENCE)) {
      TopicAdmin.Size size = admin.sizes(List.of(FleetTopic.HOST_WINDOWS.topicName())).get(0);
      return size.records() == 0 ? 0 : size.bytes().orElseThrow() / size.records();
    }
  }

  private List<VariantResult> measure(
      JavaProcess broker, String bootstrap, Filling.Filled filled, Path directory)
      throws IOException {
    Map<Variant, JavaProcess> processes = new EnumMap<>(Variant.class);
    Map<Variant, List<Measurement>> measured = new EnumMap<>(Variant.class);
    try {
      for (Variant variant : settings.variants) {
        progress.begin("warming up (%s) %s".formatted(variant.letter(), variant.title()));
        JavaProcess process = start(variant, bootstrap, broker, directory);
        processes.put(variant, process);
        measured.put(variant, new ArrayList<>());
        for (int i = 0; i < settings.warmups; i++) {
          run(process, records(variant, filled));
        }
      }
      for (int run = 1; run <= settings.runs; run++) {
        for (Variant variant : settings.variants) {
          progress.begin(
              "run %d of %d: (%s) %s"
                  .formatted(run, settings.runs, variant.letter(), variant.title()));
          measured.get(variant).add(run(processes.get(variant), records(variant, filled)));
        }
      }
      progress.end();
    } finally {
      processes.values().forEach(JavaProcess::close);
    }
    ToDoubleFunction<Variant> perSnapshot =
        variant -> variant == Variant.PER_AREA ? filled.areasPerSnapshot() : 1;
    return settings.variants.stream()
        .map(
            variant ->
                VariantResult.of(
                    variant,
                    perSnapshot.applyAsDouble(variant),
                    measured.get(variant),
                    measured.getOrDefault(Variant.BYTES, List.of())))
        .toList();
  }

  /** Kafka records the variant reads. */
  private static long records(Variant variant, Filling.Filled filled) {
    return variant == Variant.PER_AREA ? filled.areaRecords() : filled.snapshots();
  }

  private JavaProcess start(Variant variant, String bootstrap, JavaProcess broker, Path directory)
      throws IOException {
    List<String> options = new ArrayList<>(JobProcess.heapOptions(settings.heap));
    options.addAll(
        List.of(
            "-XX:+ExitOnOutOfMemoryError",
            CompilerTime.KEEP_THREADS,
            "-Dvmallocfleet.log=" + log(directory, "flink-" + variant.letter())));
    if (settings.profiles != null) {
      // Otherwise inlined methods are known at safepoints only.
      options.addAll(List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:+DebugNonSafepoints"));
    }
    var setup =
        new JobProcess.Setup(
            variant,
            bootstrap,
            broker.pid(),
            directory.resolve("flink-" + variant.letter()).toString(),
            settings.parallelism,
            settings.stateBackend,
            settings.flink,
            settings.warmups,
            settings.profiles == null
                ? null
                : settings.profiles.resolve(variant.letter()).toString());
    return JavaProcess.start(options, JobProcess.class, json.writeValueAsString(setup));
  }

  private Path log(Path directory, String name) {
    Path logs = settings.profiles == null ? directory : settings.profiles;
    return logs.resolve(name + ".log");
  }

  private Measurement run(JavaProcess process, long records) throws IOException {
    process.say(String.valueOf(records));
    while (true) {
      JobProcess.Answer answer = json.readValue(process.hear(), JobProcess.Answer.class);
      if (answer.failure() != null) {
        throw new StackException(answer.failure());
      }
      if (answer.measurement() != null) {
        return answer.measurement();
      }
      progress.share(answer.read());
    }
  }
}
