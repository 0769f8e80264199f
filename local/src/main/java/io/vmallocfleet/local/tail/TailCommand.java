/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.tail;

import io.vmallocfleet.agent.publish.KafkaRefusal;
import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.kafka.KafkaOptions;
import io.vmallocfleet.local.records.TopicTail;
import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.CallerWindow;
import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.Rule;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.UnreadableRecordException;
import io.vmallocfleet.schemas.VmallocSnapshot;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.annotation.Nullable;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code vmalloc-fleet tail TOPIC}: decodes the records of one topic, a line each.
 *
 * <p>Records go to standard output, everything else to standard error. Ends with 0 after {@code -n}
 * records or when its reader goes away, with 1 when no Kafka answers.
 */
@Command(
    name = "tail",
    description = "Show the records of a topic, decoded, one a line; goes on until Ctrl-C.")
public final class TailCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long QUIET_NANOS = Duration.ofSeconds(2).toNanos();
  private static final long GIVE_UP_NANOS = Duration.ofSeconds(10).toNanos();

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "TOPIC",
      description = "vmalloc.findings, or findings for short; see the topics command.")
  private String topicName;

  @Option(names = "--json", description = "One JSON object a record, all its fields.")
  private boolean json;

  @Option(names = "--from-beginning", description = "Begin with the oldest record there is.")
  private boolean fromBeginning;

  @Option(names = "-n", paramLabel = "N", description = "End after N records.")
  private Long count;

  @Mixin private final KafkaOptions kafka;

  /**
   * @param runningBootstrap address of the running stack's Kafka, asked when none is given; may
   *     throw what tells the person that none runs
   */
  public TailCommand(Supplier<String> runningBootstrap) {
    this.kafka = new KafkaOptions(runningBootstrap);
  }

  @Override
  public Integer call() {
    FleetTopic topic =
        FleetTopic.named(topicName)
            .orElseThrow(() -> new ParameterException(spec.commandLine(), noSuchTopic(topicName)));
    if (count != null && count < 1) {
      throw new ParameterException(
          spec.commandLine(), "-n is " + count + ": expected a number of records from 1");
    }
    KafkaAccess access = kafka.access();
    String address = access.bootstrap();
    var from = fromBeginning ? TopicTail.From.BEGINNING : TopicTail.From.END;
    try (var tail = new TopicTail(access, List.of(topic.topicName()), from)) {
      return new Following(topic, address, tail).run();
    } catch (KafkaException e) {
      return fail("Kafka at " + address + ": " + KafkaRefusal.reason(e));
    }
  }

  private int fail(String message) {
    spec.commandLine().getErr().println(message);
    spec.commandLine().getErr().flush();
    return 1;
  }

  /** Until enough was shown or nobody reads any more. */
  private final class Following {
    private final FleetTopic topic;
    private final String address;
    private final TopicTail tail;
    private final PrintWriter out = spec.commandLine().getOut();
    private final PrintWriter err = spec.commandLine().getErr();
    private final SingleObject<? extends SpecificRecord> codec;
    private final HumanLine human = new HumanLine(ZoneId.systemDefault());

    private long shown;
    private long unreadable;
    private @Nullable String said;

    Following(FleetTopic topic, String address, TopicTail tail) {
      this.topic = topic;
      this.address = address;
      this.tail = tail;
      this.codec = codec(topic);
    }

    int run() {
      long began = System.nanoTime();
      long quietSince = began;
      while (true) {
        List<ConsumerRecord<byte[], byte[]>> records = tail.poll(POLL);
        for (ConsumerRecord<byte[], byte[]> record : records) {
          out.println(line(record));
          shown++;
          if (readerWentAway() || (count != null && shown == count)) {
            return end();
          }
        }
        long now = System.nanoTime();
        if (!records.isEmpty()) {
          quietSince = now;
          said = null;
        } else if (now - quietSince >= QUIET_NANOS) {
          quietSince = now;
          sayWhatIsAwaited();
        }
        if (tail.isRefused()) {
          return fail(tail.trouble().orElseThrow());
        }
        if (!tail.answered() && now - began >= GIVE_UP_NANOS) {
          return fail(
              "Kafka at %s does not answer: start it with ./vmalloc-fleet up, or give another --bootstrap"
                  .formatted(address));
        }
      }
    }

    /**
     * After {@code | head}, say; an error is all that tells. Standard output swallows it below the
     * writer, which then knows nothing of it.
     */
    private boolean readerWentAway() {
      return out.checkError() || System.out.checkError();
    }

    private int end() {
      if (unreadable > 0) {
        err.printf("%d of %d records could not be decoded%n", unreadable, shown);
        err.flush();
      }
      return 0;
    }

    private String line(ConsumerRecord<byte[], byte[]> record) {
      String error;
      if (record.value() == null) {
        error = "the record has no value";
      } else {
        try {
          SpecificRecord value = codec.decode(record.value());
          return json ? JsonLine.of(record, value) : human.of(value);
        } catch (UnreadableRecordException e) {
          error = e.getMessage();
        }
      }
      unreadable++;
      return json
          ? JsonLine.unreadable(record, error)
          : "! partition %d offset %d: %s".formatted(record.partition(), record.offset(), error);
    }

    /** Once for each reason; a topic that has shown records may be silent without a word. */
    private void sayWhatIsAwaited() {
      String awaited = awaited();
      if (awaited != null && !awaited.equals(said)) {
        err.println(awaited);
        err.flush();
        said = awaited;
      }
    }

    private @Nullable String awaited() {
      if (tail.trouble().isPresent()) {
        return tail.trouble().get() + ", waiting for it...";
      }
      if (!tail.missing().isEmpty()) {
        return "waiting for topic %s, which does not exist yet...".formatted(topic.topicName());
      }
      if (shown > 0) {
        return null;
      }
      if (tail.isEmpty()) {
        return "waiting for records in %s (empty so far)...".formatted(topic.topicName());
      }
      return fromBeginning
          ? "waiting for records in %s (none committed so far)...".formatted(topic.topicName())
          : "waiting for new records in %s (--from-beginning shows those it has)..."
              .formatted(topic.topicName());
    }
  }

  private static SingleObject<? extends SpecificRecord> codec(FleetTopic topic) {
    return switch (topic) {
      case SNAPSHOTS -> new SingleObject<>(VmallocSnapshot.class);
      case CALLER_WINDOWS -> new SingleObject<>(CallerWindow.class);
      case HOST_WINDOWS -> new SingleObject<>(HostWindow.class);
      case FINDINGS -> new SingleObject<>(Finding.class);
      case ALERTS -> new SingleObject<>(Alert.class);
      case RULES -> new SingleObject<>(Rule.class);
      case DEAD_LETTERS -> new SingleObject<>(DeadLetter.class);
    };
  }

  private static String noSuchTopic(String name) {
    List<String> topics = Arrays.stream(FleetTopic.values()).map(FleetTopic::topicName).toList();
    String nearest =
        topics.stream()
            .max(Comparator.comparingDouble(topic -> likeness(name, topic)))
            .filter(topic -> likeness(name, topic) >= 0.5)
            .map(topic -> " Did you mean " + topic + "?")
            .orElse("");
    return "\"%s\" is no topic of the fleet.%s Topics are %s."
        .formatted(name, nearest, String.join(", ", topics));
  }

  /**
   * Share of the shorter name's letter pairs that the other has too, 0 to 1 (the overlap
   * coefficient), without the prefix: part of a long name is more like it than a short name is.
   */
  private static double likeness(String a, String b) {
    Set<String> pairsOfA = pairs(a);
    Set<String> pairsOfB = pairs(b);
    Set<String> common = new HashSet<>(pairsOfA);
    common.retainAll(pairsOfB);
    return (double) common.size() / Math.max(1, Math.min(pairsOfA.size(), pairsOfB.size()));
  }

  private static Set<String> pairs(String name) {
    String bare = name.startsWith("vmalloc.") ? name.substring("vmalloc.".length()) : name;
    return IntStream.range(0, bare.length() - 1)
        .mapToObj(i -> bare.substring(i, i + 2))
        .collect(Collectors.toSet());
  }
}
