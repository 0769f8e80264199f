/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.spool;

import io.vmallocfleet.schemas.snapshot.SpoolOccupancy;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * A queue of snapshots that survives the process, in one file of H2's log-structured store; see
 * {@code docs/decisions/0006-agent-spool.md}. A snapshot is in the file when {@link #put} returns,
 * and leaves it when {@link #remove} was called and the next one is put, so a killed agent loses
 * none and repeats at most what was acknowledged since its last reading. What a put drops, and the
 * count of it, are written together with it.
 *
 * <p><b>Disk trouble</b> (full, read-only, somebody else's) is logged, and the snapshots stay in
 * memory, fewer of them. The disk is tried again once a minute; what is in memory then moves there.
 *
 * <p><b>Power loss:</b> only a backlog is synced to the disk; a single snapshot about to be
 * acknowledged is not. A file that the store cannot make sense of is put aside.
 *
 * <p>Thread safe: one thread puts, another one takes.
 */
public final class Spool implements Outbox, AutoCloseable {
  private static final Logger LOG = System.getLogger(Spool.class.getName());

  private static final String FILE = "snapshots.mv";
  private static final String BYTES = "bytes";
  private static final String DROPPED = "dropped";
  private static final Duration RETRY_DISK = Duration.ofMinutes(1);

  private final Optional<Path> directory;
  private final SpoolLimits limits;
  private final Clock clock;

  private MVStore store;

  /** By time taken in microseconds, moved up by as many as it takes to be unique and in order. */
  private MVMap<Long, byte[]> snapshots;

  /**
   * {@link #BYTES} in the queue; {@link #DROPPED} and not reported, which in memory is relative to
   * the count in the file left behind, and so may be negative.
   */
  private MVMap<String, Long> counters;

  private boolean onDisk;
  private boolean damaged;
  private boolean dropping;
  private boolean stopped;
  private String trouble = "";
  private Instant retryDiskAt;
  private long lastId = Long.MIN_VALUE;

  /**
   * The snapshot that {@link #first} handed out: it may arrive, so it must not count as dropped.
   */
  private long handedOut = Long.MIN_VALUE;

  private long droppedInAll;

  /** A snapshot and its place in the queue. */
  public record Queued(long id, Outgoing snapshot) {}

  private Spool(Optional<Path> directory, SpoolLimits limits, Clock clock) {
    this.directory = directory;
    this.limits = limits;
    this.clock = clock;
    this.retryDiskAt = clock.instant();
    openInMemory();
  }

  /**
   * Opens what an earlier process left behind, or starts empty. Never fails: see disk trouble.
   *
   * @param directory to keep the file in, made if missing; none to stay in memory on purpose
   */
  public static Spool open(Optional<Path> directory, SpoolLimits limits, Clock clock) {
    var spool = new Spool(directory, limits, clock);
    spool.tryDisk();
    return spool;
  }

  @Override
  public synchronized void put(Outgoing snapshot) {
    tryDisk();
    long id = nextId(snapshot.takenAtMicros());
    boolean backlog = !snapshots.isEmpty();
    try {
      enqueue(id, snapshot);
      commit(backlog);
    } catch (MVStoreException e) {
      leaveDisk(e);
      enqueue(id, snapshot);
    }
    notifyAll();
  }

  @Override
  public synchronized long dropped() {
    return Math.max(0, count(DROPPED));
  }

  @Override
  public synchronized SpoolOccupancy occupancy() {
    return new SpoolOccupancy(snapshots.sizeAsLong(), count(BYTES), maxBytes());
  }

  /**
   * The oldest snapshot, as soon as there is one, or none after that long. It stays queued, and is
   * not dropped until given back.
   */
  public synchronized Optional<Queued> first(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    Optional<Queued> first = first();
    while (first.isEmpty() && !stopped) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        break;
      }
      wait(left);
      first = first();
    }
    return first;
  }

  /** Ends waiting in {@link #first}, now and ever after. */
  public synchronized void stopWaiting() {
    stopped = true;
    notifyAll();
  }

  /** Ends the way of a snapshot that was delivered; nothing happens if it is not queued. */
  public synchronized void remove(long id) {
    try {
      take(id);
    } catch (MVStoreException e) {
      // It stays in the file, and is sent again from there: a duplicate the pipeline drops.
      leaveDisk(e);
    }
    notifyAll();
  }

  /** Ends an attempt that failed: the snapshot is queued as the others are. */
  public synchronized void giveBack(long id) {
    if (handedOut == id) {
      handedOut = Long.MIN_VALUE;
    }
  }

  /** Gives up a snapshot that nobody will ever take; it counts as dropped. */
  public synchronized void drop(long id) {
    try {
      giveUp(id);
    } catch (MVStoreException e) {
      leaveDisk(e);
    }
    notifyAll();
  }

  /** Waits until everything was removed; false if that took longer. */
  public synchronized boolean awaitEmpty(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (!snapshots.isEmpty()) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  /** Snapshots queued. */
  public synchronized long snapshots() {
    return snapshots.sizeAsLong();
  }

  /** Bytes of the snapshots queued. */
  public synchronized long bytes() {
    return count(BYTES);
  }

  /** Since the oldest snapshot queued was taken; zero if there is none. */
  public synchronized Duration age() {
    try {
      Long oldest = snapshots.firstKey();
      return oldest == null ? Duration.ZERO : age(oldest);
    } catch (MVStoreException e) {
      leaveDisk(e);
      return Duration.ZERO;
    }
  }

  /** Snapshots dropped since the process started. */
  public synchronized long droppedInAll() {
    return droppedInAll;
  }

  /** Why the disk is not used though it should be; empty if all is well. */
  public synchronized Optional<String> trouble() {
    return Optional.of(trouble).filter(why -> !why.isEmpty());
  }

  /** Writes what is not yet written. */
  @Override
  public synchronized void close() {
    try {
      commit(true);
      store.close();
    } catch (MVStoreException e) {
      LOG.log(Level.WARNING, "the spool was not closed cleanly: {0}", e.getMessage());
      store.closeImmediately();
    }
    if (!onDisk && !snapshots.isEmpty()) {
      LOG.log(Level.WARNING, "{0} snapshots in memory are lost", snapshots.sizeAsLong());
    }
  }

  private Optional<Queued> first() {
    while (true) {
      try {
        Long id = snapshots.firstKey();
        if (id == null) {
          dropping = false;
          return Optional.empty();
        }
        Optional<Outgoing> snapshot = SpoolEntry.decode(id, snapshots.get(id));
        if (snapshot.isPresent()) {
          handedOut = id;
          return Optional.of(new Queued(id, snapshot.get()));
        }
        LOG.log(Level.WARNING, "a snapshot in the spool is damaged, and dropped");
        giveUp(id);
      } catch (MVStoreException e) {
        leaveDisk(e);
      }
    }
  }

  private void enqueue(long id, Outgoing snapshot) {
    byte[] entry = SpoolEntry.encode(snapshot);
    snapshots.put(id, entry);
    add(BYTES, entry.length);
    add(DROPPED, -snapshot.droppedBefore());
    dropWhatIsTooMuch();
  }

  private void dropWhatIsTooMuch() {
    long dropped = 0;
    Long oldest = oldestToDrop();
    // The newest, which was just put, is never the one to go.
    while (oldest != null
        && !oldest.equals(snapshots.lastKey())
        && (count(BYTES) > maxBytes() || age(oldest).compareTo(limits.maxAge()) > 0)) {
      giveUp(oldest);
      dropped++;
      oldest = oldestToDrop();
    }
    if (dropped > 0 && !dropping) {
      LOG.log(
          Level.WARNING,
          "the spool is at its limit of {0} bytes or {1}: the oldest snapshots are being dropped",
          String.valueOf(maxBytes()),
          limits.maxAge());
    }
    dropping |= dropped > 0;
  }

  private long maxBytes() {
    return onDisk ? limits.maxBytes() : limits.maxMemoryBytes();
  }

  /** Null if there is none. */
  private Long oldestToDrop() {
    Long oldest = snapshots.firstKey();
    return oldest != null && oldest == handedOut ? snapshots.higherKey(oldest) : oldest;
  }

  private void giveUp(long id) {
    byte[] entry = take(id);
    if (entry != null) {
      add(DROPPED, 1 + SpoolEntry.droppedBefore(entry));
      droppedInAll++;
    }
  }

  private byte[] take(long id) {
    byte[] entry = snapshots.remove(id);
    if (entry != null) {
      add(BYTES, -entry.length);
    }
    return entry;
  }

  private void commit(boolean backlog) {
    if (!onDisk) {
      return;
    }
    store.commit();
    if (backlog) {
      store.sync();
    }
  }

  private long nextId(long takenAtMicros) {
    lastId = Math.max(lastId + 1, takenAtMicros);
    return lastId;
  }

  private Duration age(long id) {
    return Duration.of(
        ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()) - id, ChronoUnit.MICROS);
  }

  private long count(String counter) {
    return counters.getOrDefault(counter, 0L);
  }

  private void add(String counter, long more) {
    if (more != 0) {
      counters.put(counter, count(counter) + more);
    }
  }

  private void openInMemory() {
    use(new MVStore.Builder().autoCommitDisabled().open());
    onDisk = false;
  }

  private void use(MVStore opened) {
    store = opened;
    store.setVersionsToKeep(0);
    snapshots =
        store.openMap(
            "snapshots",
            new MVMap.Builder<Long, byte[]>()
                .keyType(LongDataType.INSTANCE)
                .valueType(ByteArrayDataType.INSTANCE));
    counters =
        store.openMap(
            "counters",
            new MVMap.Builder<String, Long>()
                .keyType(StringDataType.INSTANCE)
                .valueType(LongDataType.INSTANCE));
  }

  /** Goes to the disk, with what is in memory, if it should be used, is not, and it is time. */
  private void tryDisk() {
    if (onDisk || directory.isEmpty() || clock.instant().isBefore(retryDiskAt)) {
      return;
    }
    MVStore memory = store;
    MVMap<Long, byte[]> waiting = snapshots;
    long unreported = count(DROPPED);
    MVStore disk = null;
    try {
      disk = openFile(directory.get());
      use(disk);
      onDisk = true;
      lastId = Math.max(lastId, snapshots.isEmpty() ? lastId : snapshots.lastKey());
      waiting.forEach(
          (id, entry) -> {
            if (snapshots.putIfAbsent(id, entry) == null) {
              add(BYTES, entry.length);
            }
          });
      add(DROPPED, unreported);
      dropWhatIsTooMuch();
      commit(!snapshots.isEmpty());
      memory.closeImmediately();
      if (!trouble.isEmpty()) {
        LOG.log(Level.INFO, "the spool is on disk again: {0}", directory.get());
        trouble = "";
      }
    } catch (IOException | MVStoreException e) {
      if (disk != null) {
        disk.closeImmediately();
      }
      use(memory);
      onDisk = false;
      stayInMemory(e);
    }
  }

  /** Gives the disk up for now; what is in the file stays there, unless it cannot be read. */
  private void leaveDisk(MVStoreException why) {
    damaged = isDamage(why);
    long lost = damaged ? lostWithTheFile() : 0;
    store.closeImmediately();
    openInMemory();
    stayInMemory(why);
    if (damaged) {
      add(DROPPED, lost);
      droppedInAll += lost;
      retryDiskAt = clock.instant();
    }
  }

  /** Snapshots in a damaged file and losses it still had to report, as far as it can say. */
  private long lostWithTheFile() {
    try {
      return snapshots.sizeAsLong() + count(DROPPED);
    } catch (MVStoreException e) {
      return 0;
    }
  }

  private void stayInMemory(Exception why) {
    retryDiskAt = clock.instant().plus(RETRY_DISK);
    String now = explained(why);
    if (!now.equals(trouble)) {
      LOG.log(Level.WARNING, now);
      trouble = now;
    }
  }

  private String explained(Exception why) {
    Throwable root = why;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return ("the spool in %s cannot be used (%s): snapshots stay in memory, up to %d bytes, and are"
            + " lost at a restart; check that the directory is writable, has space, and is no other"
            + " agent's")
        .formatted(directory.orElseThrow(), root, limits.maxMemoryBytes());
  }

  private MVStore openFile(Path directory) throws IOException {
    Files.createDirectories(directory);
    Path file = directory.resolve(FILE);
    if (damaged) {
      putAside(file);
    }
    try {
      return builder(file).open();
    } catch (MVStoreException e) {
      if (!isDamage(e)) {
        throw e;
      }
      LOG.log(Level.WARNING, "the spool is damaged: {0}", e.getMessage());
      putAside(file);
      return builder(file).open();
    }
  }

  private void putAside(Path file) throws IOException {
    Path aside = file.resolveSibling(FILE + ".damaged");
    Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    damaged = false;
    LOG.log(Level.WARNING, "the damaged spool is put aside as {0}; a new one starts empty", aside);
  }

  /** Whether the file's content is at fault, rather than the disk, its space or our rights. */
  private static boolean isDamage(MVStoreException e) {
    return switch (e.getErrorCode()) {
      case DataUtils.ERROR_FILE_CORRUPT,
          DataUtils.ERROR_UNSUPPORTED_FORMAT,
          DataUtils.ERROR_INTERNAL,
          DataUtils.ERROR_CHUNK_NOT_FOUND,
          DataUtils.ERROR_BLOCK_NOT_FOUND ->
          true;
      case DataUtils.ERROR_READING_FAILED -> e.getCause() instanceof EOFException;
      default -> false;
    };
  }

  /**
   * Without threads and without a cache: every snapshot is read once. A put writes the whole leaf
   * it is in, so a leaf holds two; without a cache the store does not split by size.
   */
  private static MVStore.Builder builder(Path file) {
    return new MVStore.Builder()
        .fileName(file.toString())
        .autoCommitDisabled()
        .autoCommitBufferSize(0)
        .keysPerPage(2)
        .cacheSize(0);
  }
}
