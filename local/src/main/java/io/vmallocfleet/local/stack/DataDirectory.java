/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Everything one stack keeps between runs, held by one stack at a time.
 *
 * <pre>
 * lock                        held while a stack runs; names its pid
 * kafka/                      the broker's log directory, with the cluster id in meta.properties
 * flink/checkpoints/JOB/...   retained checkpoints, one directory a job name
 * flink/savepoints/JOB/...    what a stopped job resumes from
 * flink/tmp/                  emptied at every start
 * logs/vmalloc-fleet.log
 * </pre>
 */
public final class DataDirectory implements AutoCloseable {
  private final Path root;
  private boolean temporary;
  private final FileChannel lock;

  private DataDirectory(Path root, boolean temporary, FileChannel lock) {
    this.root = root;
    this.temporary = temporary;
    this.lock = lock;
  }

  /**
   * Makes the directory if needed and takes its lock, which ends with this process however it ends.
   *
   * @throws StackException when another stack holds it, or it cannot be written
   */
  public static DataDirectory open(Path root) {
    return open(root.toAbsolutePath().normalize(), false);
  }

  /** A directory of its own under the system's temporary one, deleted by {@link #close()}. */
  public static DataDirectory temporary() {
    try {
      return open(Files.createTempDirectory("vmalloc-fleet-"), true);
    } catch (IOException e) {
      throw new StackException("No temporary data directory: " + describe(e), e);
    }
  }

  private static DataDirectory open(Path root, boolean temporary) {
    Path lockFile = root.resolve("lock");
    try {
      Files.createDirectories(root);
      FileChannel channel =
          FileChannel.open(
              lockFile,
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      if (!locked(channel)) {
        channel.close();
        throw new StackException(
            "%s is in use by another stack (pid %s): stop that one, or give another --data"
                .formatted(root, Files.readString(lockFile).strip()));
      }
      byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8);
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(pid), 0);
      return new DataDirectory(root, temporary, channel);
    } catch (IOException e) {
      throw new StackException(
          "%s cannot be used as data directory: %s".formatted(root, describe(e)), e);
    }
  }

  public Path root() {
    return root;
  }

  public Path kafka() {
    return root.resolve("kafka");
  }

  public Path flink() {
    return root.resolve("flink");
  }

  public Path logFile() {
    return root.resolve("logs").resolve("vmalloc-fleet.log");
  }

  /**
   * Sends all logging of this JVM to {@link #logFile()}. To be called before the first logger is
   * made; until then, and without it, log lines go nowhere.
   */
  public void receiveLogs() {
    System.setProperty("vmallocfleet.log", logFile().toString());
  }

  /** Leaves a temporary directory behind: somebody has to read its log. */
  public void keep() {
    temporary = false;
  }

  /** Lets the next stack in; what runs inside has to be closed before. A second time is no harm. */
  @Override
  public synchronized void close() {
    try (lock) {
      if (temporary) {
        delete(root);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a tree, deepest first; a file that vanishes meanwhile is as good as deleted. */
  static void delete(Path tree) throws IOException {
    if (Files.notExists(tree)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> found = Files.walk(tree)) {
      deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.deleteIfExists(path);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException heldInThisProcess) {
      return false;
    }
  }

  private static String describe(IOException e) {
    return e instanceof NoSuchFileException || e.getClass().getPackageName().equals("java.nio.file")
        ? e.getClass().getSimpleName().replace("Exception", "") + ": " + e.getMessage()
        : e.getMessage();
  }
}
