/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.deploy;

import io.vmallocfleet.pipeline.usage.FleetClock;
import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.DeadLetterReason;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.UnreadableRecordException;
import io.vmallocfleet.schemas.snapshot.SnapshotCursor;
import io.vmallocfleet.schemas.snapshot.SnapshotHeader;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Holds what windows counted against what was sent. What was sent is known from the snapshots
 * themselves: the numbers of an agent's run have no gap. A snapshot that came after its window was
 * closed is in no window, but among the dead letters.
 */
final class Ledger implements AutoCloseable {
  /** The pipeline's default. */
  private static final Duration TOLERANCE = Duration.ofSeconds(30);

  private final long windowMillis;
  private final TopicReader snapshots;
  private final TopicReader windows;
  private final TopicReader deadLetters;

  private final SnapshotCursor cursor = new SnapshotCursor();
  private final SingleObject<HostWindow> windowCodec = new SingleObject<>(HostWindow.class);
  private final SingleObject<DeadLetter> deadLetterCodec = new SingleObject<>(DeadLetter.class);

  private final Map<Integer, FleetClock> clocks = new HashMap<>();
  private final Map<Run, BitSet> arrived = new HashMap<>();
  private final Map<String, Run> newestRuns = new HashMap<>();
  private final Map<Run, Integer> promised = new HashMap<>();
  private final Map<Place, HostInWindow> arrivedAt = new HashMap<>();
  private final Map<HostInWindow, Long> sent = new HashMap<>();
  private final Set<Place> late = new HashSet<>();
  private final Map<HostInWindow, Counted> counted = new HashMap<>();
  private final Set<HostInWindow> repeated = new HashSet<>();
  private final Set<String> hostnames = new HashSet<>();
  private final Set<Place> unreadable = new HashSet<>();
  private final Set<Place> refused = new HashSet<>();
  private Instant newestWindow = Instant.MIN;

  private record Run(String hostId, String agentRun) {}

  private record HostInWindow(String hostId, long startMillis) {}

  private record Counted(int snapshots, long lost) {
    private static final Counted NOTHING = new Counted(0, 0);
  }

  private record Place(int partition, long offset) {}

  /**
   * The outcome, over windows that begin in a span of time.
   *
   * @param sent snapshots, repeated deliveries apart
   * @param missing sent according to the numbers around them, and not in the topic; since the
   *     ledger was opened
   * @param uncounted in the topic, and neither in a window nor among the dead letters
   * @param late among the dead letters because they came after their window
   * @param doubled counted more than once
   * @param told how many the windows themselves say were lost, late ones among them; in all windows
   *     after the first, as each says what is missing before it
   */
  record Balance(long sent, long missing, long uncounted, long late, long doubled, long told) {
    long lost() {
      return missing + uncounted;
    }
  }

  Ledger(String bootstrap, Duration window) {
    windowMillis = window.toMillis();
    snapshots = new TopicReader(bootstrap, FleetTopic.SNAPSHOTS.topicName());
    windows = new TopicReader(bootstrap, FleetTopic.HOST_WINDOWS.topicName());
    deadLetters = new TopicReader(bootstrap, FleetTopic.DEAD_LETTERS.topicName());
  }

  /**
   * Takes in what has come since the last look. Snapshots last: none is counted before it is sent.
   */
  void look() {
    deadLetters.forEachNew(this::deadLetter);
    windows.forEachNew(this::window);
    snapshots.forEachNew(this::snapshot);
  }

  /** Start of the newest window; {@link Instant#MIN} before the first. */
  Instant newestWindow() {
    return newestWindow;
  }

  /** Whether a window of that host has come. */
  boolean hasSeen(String hostname) {
    return hostnames.contains(hostname);
  }

  /** Records that are no snapshots, and are not among the dead letters so far. */
  long unreadableWithoutDeadLetter() {
    return unreadable.stream().filter(place -> !refused.contains(place)).count();
  }

  /**
   * @param from first start of a window that counts
   * @param until first start of one that no longer does
   */
  Balance balance(Instant from, Instant until) {
    Map<HostInWindow, Long> expected = new HashMap<>();
    long all = 0;
    long uncounted = 0;
    long doubled = repeated.stream().filter(at -> isWithin(at, from, until)).count();
    for (var entry : sent.entrySet()) {
      if (isWithin(entry.getKey(), from, until)) {
        all += entry.getValue();
        expected.put(entry.getKey(), entry.getValue());
      }
    }
    long lateOnes = 0;
    for (Place place : late) {
      HostInWindow at = arrivedAt.get(place);
      if (at != null && isWithin(at, from, until)) {
        lateOnes++;
        expected.merge(at, -1L, Long::sum);
      }
    }
    for (var entry : expected.entrySet()) {
      long difference =
          entry.getValue() - counted.getOrDefault(entry.getKey(), Counted.NOTHING).snapshots();
      uncounted += Math.max(0, difference);
      doubled += Math.max(0, -difference);
    }
    long told =
        counted.entrySet().stream()
            .filter(entry -> entry.getKey().startMillis() > from.toEpochMilli())
            .mapToLong(entry -> entry.getValue().lost())
            .sum();
    return new Balance(all, missing(), uncounted, lateOnes, doubled, told);
  }

  @Override
  public void close() {
    snapshots.close();
    windows.close();
    deadLetters.close();
  }

  /**
   * The present run of a host accepted at least so many snapshots. The numbers that arrive cannot
   * tell that the last ones of a run do not.
   */
  void promise(String hostname, int snapshots) {
    Run run = newestRuns.get(hostname);
    if (run == null) {
      throw new AssertionError("no snapshot of " + hostname + " has come");
    }
    promised.put(run, snapshots);
  }

  /** Numbers left out within runs, and at the end of those that promised more. */
  private long missing() {
    return arrived.entrySet().stream()
        .mapToLong(
            entry -> {
              BitSet numbers = entry.getValue();
              int length = Math.max(numbers.length(), promised.getOrDefault(entry.getKey(), 0));
              return length - numbers.nextSetBit(0) - numbers.cardinality();
            })
        .sum();
  }

  private void snapshot(ConsumerRecord<byte[], byte[]> record) {
    SnapshotHeader header;
    try {
      header = cursor.open(record.value());
    } catch (UnreadableRecordException e) {
      unreadable.add(place(record));
      return;
    }
    var run = new Run(header.host().id(), header.agentRun());
    BitSet numbers = arrived.computeIfAbsent(run, r -> new BitSet());
    newestRuns.put(header.host().hostname(), run);
    int number = Math.toIntExact(header.sequence());
    long takenAt = header.takenAtMicros() / 1000;
    // As the pipeline counts it: the clock of a host may be so far ahead of the arrival, by the
    // broker's clock or the fleet's.
    long now =
        clocks
            .computeIfAbsent(record.partition(), p -> new FleetClock())
            .hear(header.host().id(), takenAt);
    long latest = Math.min(record.timestamp(), now) + TOLERANCE.toMillis();
    var at = hostInWindow(header.host().id(), Math.min(takenAt, latest));
    if (!numbers.get(number)) {
      numbers.set(number);
      sent.merge(at, 1L, Long::sum);
      arrivedAt.put(place(record), at);
    }
  }

  private void window(ConsumerRecord<byte[], byte[]> record) {
    HostWindow window = decode(windowCodec, record);
    var at = new HostInWindow(window.getHostId(), window.getWindowStart().toEpochMilli());
    var figures = new Counted(window.getSnapshots(), window.getLostSnapshots());
    if (counted.put(at, figures) != null) {
      repeated.add(at);
    }
    hostnames.add(window.getHostname());
    if (window.getWindowStart().isAfter(newestWindow)) {
      newestWindow = window.getWindowStart();
    }
  }

  private void deadLetter(ConsumerRecord<byte[], byte[]> record) {
    DeadLetter letter = decode(deadLetterCodec, record);
    var place = new Place(letter.getPartition(), letter.getOffset());
    (letter.getReason() == DeadLetterReason.LATE ? late : refused).add(place);
  }

  private static Place place(ConsumerRecord<byte[], byte[]> record) {
    return new Place(record.partition(), record.offset());
  }

  private HostInWindow hostInWindow(String hostId, long takenAtMillis) {
    return new HostInWindow(hostId, Math.floorDiv(takenAtMillis, windowMillis) * windowMillis);
  }

  private static boolean isWithin(HostInWindow at, Instant from, Instant until) {
    return at.startMillis >= from.toEpochMilli() && at.startMillis < until.toEpochMilli();
  }

  private static <T extends SpecificRecord> T decode(
      SingleObject<T> codec, ConsumerRecord<byte[], byte[]> record) {
    try {
      return codec.decode(record.value());
    } catch (UnreadableRecordException e) {
      throw new AssertionError(record.topic() + " offset " + record.offset(), e);
    }
  }
}
