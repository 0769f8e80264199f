/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.up;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.records.TopicTail;
import io.vmallocfleet.local.simulation.Capture;
import io.vmallocfleet.local.simulation.Misbehaviour;
import io.vmallocfleet.local.simulation.SimulatedFleet;
import io.vmallocfleet.local.stack.DataDirectory;
import io.vmallocfleet.local.view.FleetReader;
import io.vmallocfleet.local.view.FleetState;
import io.vmallocfleet.local.view.HostHistory;
import io.vmallocfleet.schemas.AddressMode;
import io.vmallocfleet.schemas.AddressWindow;
import io.vmallocfleet.schemas.CallerUsage;
import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.DeadLetterReason;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.Region;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.VmallocSnapshot;
import io.vmallocfleet.schemas.snapshot.HostIdentity;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole product, with a real broker and a real Flink cluster, in this JVM. */
@Timeout(300)
class LocalStackIT {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int PAGE = 4096;

  @TempDir Path directory;

  @Test
  void windows_show_the_callers_of_the_file_with_the_sums_of_the_file() throws Exception {
    Path file = directory.resolve("vmallocinfo");
    Files.write(file, Capture.LINUX_5_8.text());

    HostWindow window;
    try (var data = DataDirectory.open(directory.resolve("data"));
        var stack = start(settings(0, Optional.empty()), thisHost(file), data);
        var reader = new FleetReader(stack.bootstrap(), TopicTail.From.BEGINNING)) {
      window =
          await(reader, stack, state -> state.hosts().containsKey("this-host"))
              .hosts()
              .get("this-host")
              .latest();
    }

    Map<String, Long> expected = bytesByCaller(Files.readString(file));
    assertThat(window.getBytes())
        .isEqualTo(expected.values().stream().mapToLong(Long::longValue).sum());
    assertThat(window.getAddressMode()).isEqualTo(AddressMode.REAL);
    assertThat(window.getTopCallers())
        .hasSize(20)
        .allSatisfy(c -> assertThat(c.getBytes()).isEqualTo(expected.get(name(c))));
    assertThat(window.getWindows())
        .extracting(AddressWindow::getRegion)
        .containsExactly(Region.VMALLOC, Region.MODULES);
    assertThat(window.getWindows())
        .allSatisfy(
            w -> {
              assertThat(w.getHoles()).isPositive();
              assertThat(w.getLargestHoleBytes()).isPositive();
            });
  }

  @Test
  void a_leak_on_one_host_is_found_there_and_nowhere_else() throws Exception {
    int hosts = 12;
    String culprit = SimulatedFleet.misbehavingHost(hosts);
    // Short windows: the leak needs some 64 MiB, at 2 MiB a second, to be worth a word.
    FleetState state;
    try (var data = DataDirectory.open(directory.resolve("data"));
        var stack = start(settings(hosts, Optional.of(Misbehaviour.LEAK)), sample(), data);
        var reader = new FleetReader(stack.bootstrap(), TopicTail.From.BEGINNING)) {
      state = await(reader, stack, s -> s.findings().stream().anyMatch(f -> f.windows() >= 3));
      assertThat(state.hosts()).hasSize(hosts + 1);
    }

    assertThat(state.findings())
        .extracting(f -> describe(f.latest()))
        .containsExactly(FindingKind.LEAK + " " + culprit + " " + Misbehaviour.LEAK.caller());
    assertThat(state.deadLetters()).isZero();
  }

  @Test
  void corrupt_records_become_dead_letters_and_the_job_goes_on() throws Exception {
    List<DeadLetter> letters = new ArrayList<>();
    List<RecordMetadata> sent = new ArrayList<>();
    List<byte[]> corrupt;
    try (var data = DataDirectory.open(directory.resolve("data"));
        var stack = start(settings(1, Optional.empty()), sample(), data);
        var reader = new FleetReader(stack.bootstrap(), TopicTail.From.BEGINNING)) {
      byte[] whole = firstSnapshot(stack);
      byte[] unknown = whole.clone();
      Arrays.fill(unknown, 2, SingleObject.HEADER_BYTES, (byte) 0x11);
      corrupt =
          List.of(
              "random bytes".getBytes(StandardCharsets.UTF_8),
              Arrays.copyOf(whole, whole.length / 2),
              unknown);
      for (byte[] value : corrupt) {
        sent.add(send(stack, value));
      }

      long windows = windows(await(reader, stack, state -> state.deadLetters() == 3));
      await(reader, stack, state -> windows(state) >= windows + 3);
      letters.addAll(deadLetters(stack));
    }

    assertThat(letters).hasSize(3);
    for (int i = 0; i < 3; i++) {
      RecordMetadata where = sent.get(i);
      byte[] payload = corrupt.get(i);
      assertThat(letters)
          .filteredOn(l -> l.getPartition() == where.partition() && l.getOffset() == where.offset())
          .singleElement()
          .satisfies(l -> assertThat(l.getPayload().array()).isEqualTo(payload));
    }
    assertThat(letters)
        .extracting(DeadLetter::getReason)
        .containsExactlyInAnyOrder(
            DeadLetterReason.UNDECODABLE,
            DeadLetterReason.UNDECODABLE,
            DeadLetterReason.UNKNOWN_SCHEMA);
    assertThat(letters).extracting(DeadLetter::getDetail).allMatch(detail -> !detail.isBlank());
  }

  private static UpSettings settings(int hosts, Optional<Misbehaviour> inject) {
    return new UpSettings(
        Duration.ofMillis(500), Duration.ofSeconds(2), hosts, inject, 0, 0, 0, 0, List.of());
  }

  private static LocalStack start(UpSettings settings, ThisHost host, DataDirectory data)
      throws Exception {
    return LocalStack.start(settings, host, data, Clock.systemUTC(), step -> {});
  }

  private static ThisHost thisHost(Path file) {
    return new ThisHost(
        file,
        new HostIdentity(
            "this-host", "this-host", "boot", "5.8.0", "#71", "x86_64", PAGE, 2, Map.of()),
        Optional.empty());
  }

  private ThisHost sample() throws Exception {
    return ThisHost.find(directory.resolve("no-such-file"), directory);
  }

  private static FleetState await(
      FleetReader reader, LocalStack stack, Predicate<FleetState> condition) {
    FleetState state = reader.state();
    while (!condition.test(state)) {
      assertThat(stack.failure()).isEmpty();
      state = reader.poll(POLL);
    }
    return state;
  }

  private static long windows(FleetState state) {
    return state.hosts().values().stream().mapToLong(HostHistory::windows).sum();
  }

  /** As {@code awk} would: third word without its offset, the number behind {@code pages=}. */
  private static Map<String, Long> bytesByCaller(String text) {
    var bytes = new TreeMap<String, Long>();
    for (String line : text.split("\n")) {
      String[] words = line.trim().split(" +");
      if (words.length < 3 || words[2].equals("unpurged")) {
        continue;
      }
      String function =
          words[2].replaceAll("\\+0x.*", "").replaceAll("\\.(constprop|isra)\\..*", "");
      boolean hasModule = words.length > 3 && words[3].startsWith("[");
      String caller = hasModule ? function + " " + words[3] : function;
      long pages =
          Arrays.stream(words)
              .filter(w -> w.startsWith("pages="))
              .mapToLong(w -> Long.parseLong(w.substring("pages=".length())))
              .sum();
      bytes.merge(caller, pages * PAGE, Long::sum);
    }
    return bytes;
  }

  private static String name(CallerUsage caller) {
    return caller.getModule().isEmpty()
        ? caller.getFunction()
        : caller.getFunction() + " [" + caller.getModule() + "]";
  }

  private static String describe(Finding finding) {
    return finding.getKind() + " " + finding.getHostname() + " " + finding.getFunction();
  }

  private static byte[] firstSnapshot(LocalStack stack) throws Exception {
    byte[] value = records(stack, FleetTopic.SNAPSHOTS, 1).get(0).value();
    assertThat(new SingleObject<>(VmallocSnapshot.class).decode(value).getAreas()).isNotEmpty();
    return value;
  }

  private static List<DeadLetter> deadLetters(LocalStack stack) throws Exception {
    var codec = new SingleObject<>(DeadLetter.class);
    var letters = new ArrayList<DeadLetter>();
    for (ConsumerRecord<byte[], byte[]> record : records(stack, FleetTopic.DEAD_LETTERS, 3)) {
      letters.add(codec.decode(record.value()));
    }
    return letters;
  }

  private static List<ConsumerRecord<byte[], byte[]>> records(
      LocalStack stack, FleetTopic topic, int atLeast) {
    var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    try (var tail =
        new TopicTail(
            KafkaAccess.open(stack.bootstrap()),
            List.of(topic.topicName()),
            TopicTail.From.BEGINNING)) {
      while (records.size() < atLeast) {
        records.addAll(tail.poll(POLL));
      }
    }
    return records;
  }

  private static RecordMetadata send(LocalStack stack, byte[] value) throws Exception {
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", stack.bootstrap()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      return producer.send(new ProducerRecord<>(FleetTopic.SNAPSHOTS.topicName(), value)).get();
    }
  }
}
