/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.schemas.snapshot.SpoolOccupancy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
  private static final Instant START = Instant.parse("2026-11-23T00:00:00Z");
  private static final SpoolLimits ROOMY = SpoolLimits.of(64 << 20, Duration.ofDays(1));

  @TempDir Path directory;
  private final MovableClock clock = new MovableClock();

  @Test
  void snapshots_leave_in_the_order_they_were_put() throws Exception {
    try (Spool spool = open(ROOMY)) {
      put(spool, 3);

      assertThat(drain(spool)).containsExactly("0", "1", "2");
      assertThat(spool.bytes()).isZero();
    }
  }

  @Test
  void what_was_not_removed_is_there_after_a_restart_with_its_own_time_and_host() throws Exception {
    try (Spool spool = open(ROOMY)) {
      put(spool, 3);
      spool.remove(first(spool).id());
    }

    try (Spool spool = open(ROOMY)) {
      assertThat(first(spool).snapshot().takenAtMicros()).isEqualTo(micros(START) + 10_000_000);
      assertThat(first(spool).snapshot().hostId()).isEqualTo("host");
      assertThat(drain(spool)).containsExactly("1", "2");
    }
  }

  @Test
  void a_snapshot_is_in_the_file_when_put_returns() throws Exception {
    try (Spool spool = open(ROOMY)) {
      put(spool, 3);
      // What kill -9 leaves: the file as it is, nothing closed.
      Path left = Files.createDirectory(directory.resolve("left"));
      Files.copy(directory.resolve("snapshots.mv"), left.resolve("snapshots.mv"));

      try (Spool next = Spool.open(Optional.of(left), ROOMY, clock)) {
        assertThat(drain(next)).containsExactly("0", "1", "2");
      }
    }
  }

  @Test
  void a_snapshot_taken_before_its_predecessor_still_comes_after_it() throws Exception {
    try (Spool spool = open(ROOMY)) {
      put(spool, 2);
      clock.now = START.minusSeconds(3600);
      put(spool, "clock set back", 0);

      assertThat(drain(spool)).containsExactly("0", "1", "clock set back");
    }
  }

  @Test
  void beyond_the_limit_of_bytes_the_oldest_are_dropped_and_counted() throws Exception {
    try (Spool spool = open(SpoolLimits.of(entryBytes() * 3, Duration.ofDays(1)))) {
      put(spool, 5);

      assertThat(spool.dropped()).isEqualTo(2);
      assertThat(drain(spool)).containsExactly("2", "3", "4");
    }
  }

  @Test
  void tells_what_waits_and_at_how_many_bytes_it_drops() throws Exception {
    try (Spool spool = open(ROOMY)) {
      assertThat(spool.occupancy()).isEqualTo(new SpoolOccupancy(0, 0, 64 << 20));

      put(spool, 3);

      assertThat(spool.occupancy())
          .isEqualTo(new SpoolOccupancy(3, spool.bytes(), 64 << 20))
          .matches(occupancy -> occupancy.bytes() > 0);
    }
  }

  @Test
  void in_memory_it_drops_at_fewer_bytes() {
    try (Spool spool = Spool.open(Optional.empty(), ROOMY, clock)) {
      assertThat(spool.occupancy().maxBytes()).isEqualTo(2 << 20);
    }
  }

  @Test
  void a_snapshot_under_way_is_not_dropped_until_it_is_given_back() throws Exception {
    try (Spool spool = open(SpoolLimits.of(entryBytes() * 2, Duration.ofDays(1)))) {
      put(spool, "under way", 0);
      long underWay = first(spool).id();
      put(spool, 3);
      assertThat(spool.dropped()).isEqualTo(2);

      spool.giveBack(underWay);
      put(spool, "last", 2);

      assertThat(drain(spool)).containsExactly("last");
      assertThat(spool.dropped()).isEqualTo(2);
    }
  }

  @Test
  void beyond_the_limit_of_age_the_oldest_are_dropped_and_counted() throws Exception {
    try (Spool spool = open(SpoolLimits.of(1 << 20, Duration.ofSeconds(20)))) {
      put(spool, 5);

      // Taken 40, 30, 20, 10 and 0 seconds ago.
      assertThat(spool.dropped()).isEqualTo(2);
      assertThat(drain(spool)).containsExactly("2", "3", "4");
    }
  }

  @Test
  void the_count_of_the_dropped_survives_a_restart_and_the_snapshot_that_reports_it()
      throws Exception {
    SpoolLimits two = SpoolLimits.of(entryBytes() * 2, Duration.ofDays(1));
    try (Spool spool = open(two)) {
      put(spool, 4);
    }
    try (Spool spool = open(two)) {
      assertThat(spool.dropped()).isEqualTo(2);
      put(spool, "4", spool.dropped());
      // One made room for the report, and the report is out.
      assertThat(spool.dropped()).isEqualTo(1);
      put(spool, "5", 0);
      put(spool, "6", 0);

      // The report was dropped too: its two are unreported again, and it, and all before it.
      assertThat(spool.dropped()).isEqualTo(1 + 2 + 2);
      assertThat(drain(spool)).containsExactly("5", "6");
    }
  }

  @Test
  void a_snapshot_larger_than_the_limit_is_kept_while_it_is_the_only_one() throws Exception {
    try (Spool spool = open(SpoolLimits.of(1, Duration.ofDays(1)))) {
      put(spool, 2);

      assertThat(drain(spool)).containsExactly("1");
    }
  }

  @Test
  void a_directory_that_cannot_be_used_means_memory_and_a_reason() throws Exception {
    Files.writeString(directory.resolve("file"), "in the way");

    try (Spool spool =
        Spool.open(
            Optional.of(directory.resolve("file").resolve("spool")),
            new SpoolLimits(1 << 20, entryBytes() * 2, Duration.ofDays(1)),
            clock)) {
      assertThat(spool.trouble().orElseThrow())
          .contains("snapshots stay in memory")
          .contains("check that the directory is writable");
      put(spool, 3);

      assertThat(drain(spool)).containsExactly("1", "2");
      assertThat(spool.dropped()).isEqualTo(1);
    }
  }

  @Test
  void what_waited_in_memory_moves_to_the_disk_once_it_can_be_used() throws Exception {
    Path blocked = directory.resolve("spool");
    Files.writeString(blocked, "in the way");
    try (Spool spool = Spool.open(Optional.of(blocked), ROOMY, clock)) {
      put(spool, 2);
      Files.delete(blocked);
      clock.now = clock.now.plusSeconds(60);
      put(spool, "after", 0);
      assertThat(spool.trouble()).isEmpty();
    }

    try (Spool spool = Spool.open(Optional.of(blocked), ROOMY, clock)) {
      assertThat(drain(spool)).containsExactly("0", "1", "after");
    }
  }

  @Test
  void a_second_agent_on_the_same_directory_stays_in_memory() throws Exception {
    try (Spool spool = open(ROOMY);
        Spool second = open(ROOMY)) {
      assertThat(spool.trouble()).isEmpty();
      assertThat(second.trouble().orElseThrow()).contains("no other agent's");
    }
  }

  @Test
  void a_file_of_something_else_is_put_aside() throws Exception {
    Files.write(directory.resolve("snapshots.mv"), new byte[100_000]);

    try (Spool spool = open(ROOMY)) {
      assertThat(spool.trouble()).isEmpty();
      put(spool, 1);
      assertThat(drain(spool)).containsExactly("0");
    }
    assertThat(directory.resolve("snapshots.mv.damaged")).exists();
  }

  @Test
  void blocks_lost_with_the_power_never_end_the_agent_nor_deliver_other_bytes() throws Exception {
    try (Spool spool = open(ROOMY)) {
      put(spool, 40);
    }
    byte[] whole = Files.readAllBytes(directory.resolve("snapshots.mv"));
    var random = new Random(7);
    for (int trial = 0; trial < 200; trial++) {
      Files.write(directory.resolve("snapshots.mv"), damaged(whole, random));
      try (Spool spool = open(ROOMY)) {
        put(spool, "new", 0);

        List<String> delivered = drain(spool);

        assertThat(delivered).allMatch(s -> s.matches("\\d+|new"));
        assertThat(delivered.contains("new") || spool.dropped() > 0).isTrue();
      }
    }
  }

  @Test
  void a_put_writes_itself_and_few_neighbours_not_the_backlog() throws Exception {
    long limit = 1 << 20;
    try (Spool spool = open(SpoolLimits.of(limit, Duration.ofDays(1)))) {
      for (int i = 0; i < 300; i++) {
        put(spool, "x".repeat(20_000), spool.dropped());
      }

      assertThat(spool.bytes()).isBetween(limit - 25_000, limit);
      // Space is reused after 45 s, so this is all that was ever written.
      assertThat(Files.size(directory.resolve("snapshots.mv"))).isLessThan(300 * 4 * 20_000);
    }
  }

  /** What power loss leaves: blocks that were never written, or a file that ends early. */
  private static byte[] damaged(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    if (random.nextBoolean()) {
      int block = 4096 * random.nextInt(bytes.length / 4096);
      Arrays.fill(bytes, block, block + 4096, (byte) 0);
    } else {
      bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
    }
    return bytes;
  }

  private Spool open(SpoolLimits limits) {
    return Spool.open(Optional.of(directory), limits, clock);
  }

  /** Snapshots 0 to count - 1, the clock ten seconds further after each. */
  private void put(Spool spool, int count) {
    for (int i = 0; i < count; i++) {
      put(spool, String.valueOf(i), 0);
      if (i < count - 1) {
        clock.now = clock.now.plusSeconds(10);
      }
    }
  }

  private void put(Spool spool, String text, long droppedBefore) {
    spool.put(new Outgoing("host", text.getBytes(), micros(clock.now), droppedBefore));
  }

  private static Spool.Queued first(Spool spool) throws InterruptedException {
    return spool.first(Duration.ZERO).orElseThrow();
  }

  private static List<String> drain(Spool spool) throws InterruptedException {
    List<String> texts = new ArrayList<>();
    Optional<Spool.Queued> queued = spool.first(Duration.ZERO);
    while (queued.isPresent()) {
      texts.add(new String(queued.get().snapshot().snapshot()));
      spool.remove(queued.get().id());
      queued = spool.first(Duration.ZERO);
    }
    return texts;
  }

  private static long entryBytes() throws IOException {
    return SpoolEntry.encode(new Outgoing("host", "0".getBytes(), 0, 0)).length;
  }

  private static long micros(Instant instant) {
    return instant.toEpochMilli() * 1000;
  }

  private static final class MovableClock extends Clock {
    private Instant now = START;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException("UTC will do");
    }
  }
}
