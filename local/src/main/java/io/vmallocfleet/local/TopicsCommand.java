/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local;

import io.vmallocfleet.local.stack.RunningStack;
import io.vmallocfleet.local.stack.TopicAdmin;
import io.vmallocfleet.schemas.FleetTopic;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Lists our topics and what they hold.
 *
 * <pre>
 * TOPIC                   PARTITIONS     RECORDS       BYTES
 * vmalloc.snapshots                4         120      492012
 * vmalloc.findings                 -           -           -
 * </pre>
 */
@Command(
    name = "topics",
    description = "List the product's topics with what they hold; a dash where one does not exist.",
    mixinStandardHelpOptions = true)
final class TopicsCommand implements Runnable {
  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      description = "Kafka to ask; by default the stack that is running here.")
  private String bootstrap;

  @Spec private CommandSpec spec;

  private final List<String> topics;

  TopicsCommand() {
    this(Stream.of(FleetTopic.values()).map(FleetTopic::topicName).toList());
  }

  TopicsCommand(List<String> topics) {
    this.topics = List.copyOf(topics);
  }

  @Override
  public void run() {
    String kafka =
        bootstrap != null
            ? bootstrap
            : RunningStack.find(RunningStack.directory(System.getenv())).bootstrap();
    Map<String, TopicAdmin.Size> sizes;
    try (var admin = new TopicAdmin(kafka)) {
      sizes =
          admin.sizes(topics).stream()
              .collect(Collectors.toMap(TopicAdmin.Size::topic, Function.identity()));
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%-22s %11s %11s %11s%n", "TOPIC", "PARTITIONS", "RECORDS", "BYTES");
    for (String topic : topics) {
      var size = sizes.get(topic);
      if (size == null) {
        out.printf("%-22s %11s %11s %11s%n", topic, "-", "-", "-");
      } else {
        out.printf(
            "%-22s %11d %11d %11d%n", topic, size.partitions(), size.records(), size.bytes());
      }
    }
    out.flush();
  }
}
