/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local;

import io.vmallocfleet.local.kafka.KafkaOptions;
import io.vmallocfleet.local.stack.TopicAdmin;
import io.vmallocfleet.schemas.FleetTopic;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Lists our topics and what they hold, or makes them.
 *
 * <pre>
 * TOPIC                   PARTITIONS     RECORDS       BYTES
 * vmalloc.snapshots                4         120      492012
 * vmalloc.findings                 -           -           -
 * </pre>
 */
@Command(
    name = "topics",
    description = {
      "List the product's topics with what they hold; a dash where one does not exist, and for bytes",
      "where Kafka shows its disks to administrators only.",
      "With --create, make those that are missing and say how the others differ from what is expected."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class TopicsCommand implements Callable<Integer> {
  @Option(
      names = "--create",
      description = "Make what is missing; existing topics stay as they are.")
  private boolean create;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "4",
      description = "Of each topic that is made (default: ${DEFAULT-VALUE}).")
  private int partitions;

  @Option(
      names = "--replicas",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Likewise (default: ${DEFAULT-VALUE}; three on a cluster that must not lose any).")
  private short replicas;

  @Mixin private final KafkaOptions kafka;

  @Spec private CommandSpec spec;

  TopicsCommand(Supplier<String> runningStack) {
    this.kafka = new KafkaOptions(runningStack);
  }

  /** 1 when topics are not as the product expects them. */
  @Override
  public Integer call() {
    if (partitions < 1 || replicas < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--partitions is %d and --replicas %d: expected at least 1"
              .formatted(partitions, replicas));
    }
    try (var admin = new TopicAdmin(kafka.access())) {
      return create ? create(admin) : list(admin);
    }
  }

  private int list(TopicAdmin admin) {
    List<String> topics = Stream.of(FleetTopic.values()).map(FleetTopic::topicName).toList();
    Map<String, TopicAdmin.Size> sizes =
        admin.sizes(topics).stream()
            .collect(Collectors.toMap(TopicAdmin.Size::topic, Function.identity()));
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%-22s %11s %11s %11s%n", "TOPIC", "PARTITIONS", "RECORDS", "BYTES");
    for (String topic : topics) {
      var size = sizes.get(topic);
      if (size == null) {
        out.printf("%-22s %11s %11s %11s%n", topic, "-", "-", "-");
      } else {
        out.printf(
            "%-22s %11d %11d %11s%n",
            topic,
            size.partitions(),
            size.records(),
            size.bytes().isPresent() ? size.bytes().getAsLong() : "-");
      }
    }
    out.flush();
    return 0;
  }

  private int create(TopicAdmin admin) {
    TopicAdmin.Outcome outcome = admin.createMissing(TopicAdmin.wanted(partitions, replicas));
    PrintWriter out = spec.commandLine().getOut();
    outcome.created().forEach(topic -> out.println("created " + topic));
    if (outcome.created().isEmpty()) {
      out.println("every topic is there");
    }
    out.flush();
    PrintWriter err = spec.commandLine().getErr();
    outcome.differences().forEach(err::println);
    err.flush();
    return outcome.differences().isEmpty() ? 0 : 1;
  }
}
