/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.stack;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A stack of this user that other commands can talk to, found through a small file of its own.
 *
 * <pre>
 * bootstrap=127.0.0.1\:9092
 * ui=http\://127.0.0.1\:8081
 * sql-gateway=http\://127.0.0.1\:8083
 * data=/home/me/vmalloc
 * pid=4711
 * </pre>
 *
 * @param startedAtMillis of the process, so that another process which got its number is not taken
 *     for it
 */
public record RunningStack(
    String bootstrap, URI ui, URI sqlGateway, Path data, long pid, long startedAtMillis) {
  /** A stack that runs in this process. */
  public static RunningStack here(String bootstrap, URI ui, URI sqlGateway, Path data) {
    ProcessHandle self = ProcessHandle.current();
    return new RunningStack(bootstrap, ui, sqlGateway, data, self.pid(), startedAtMillis(self));
  }

  /**
   * Where this user's stacks leave their files: under {@code XDG_RUNTIME_DIR}, or else the system's
   * temporary directory. Readable by this user only.
   */
  public static Path directory(Map<String, String> environment) {
    String runtime = environment.get("XDG_RUNTIME_DIR");
    if (runtime != null && Files.isWritable(Path.of(runtime))) {
      return Path.of(runtime, "vmalloc-fleet");
    }
    return Path.of(
        System.getProperty("java.io.tmpdir"), "vmalloc-fleet-" + System.getProperty("user.name"));
  }

  /** Makes the stack findable; close what is returned when it ends. */
  public AutoCloseable publishIn(Path directory) {
    Properties properties = new Properties();
    properties.setProperty("bootstrap", bootstrap);
    properties.setProperty("ui", ui.toString());
    properties.setProperty("sql-gateway", sqlGateway.toString());
    properties.setProperty("data", data.toString());
    properties.setProperty("pid", String.valueOf(pid));
    properties.setProperty("started-at-millis", String.valueOf(startedAtMillis));
    Path file = directory.resolve(pid + ".properties");
    try {
      makeOurs(directory);
      var ownerOnly =
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
      Path draft = Files.createTempFile(directory, "stack", ".draft", ownerOnly);
      try (Writer writer = Files.newBufferedWriter(draft)) {
        properties.store(writer, null);
      }
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new StackException(
          "%s cannot be written (%s): other commands find the stack through it"
              .formatted(file, e.getMessage()),
          e);
    }
    return () -> Files.deleteIfExists(file);
  }

  /**
   * The one stack of this user that runs.
   *
   * @throws StackException when none runs, naming the last one if it was killed; or when several do
   */
  public static RunningStack find(Path directory) {
    List<RunningStack> running = new ArrayList<>();
    List<RunningStack> killed = new ArrayList<>();
    for (RunningStack stack : published(directory)) {
      (stack.isAlive() ? running : killed).add(stack);
    }
    if (running.size() == 1) {
      return running.get(0);
    }
    if (running.size() > 1) {
      throw new StackException(
          "%d stacks are running (%s): say which with --bootstrap"
              .formatted(
                  running.size(),
                  String.join(", ", running.stream().map(RunningStack::bootstrap).toList())));
    }
    throw new StackException(
        killed.isEmpty()
            ? "No stack is running: start one with ./vmalloc-fleet up, or give --bootstrap"
            : "No stack is running: the one with pid %d on %s was killed. Start it again with ./vmalloc-fleet up --data %s"
                .formatted(killed.get(0).pid(), killed.get(0).bootstrap(), killed.get(0).data()));
  }

  private boolean isAlive() {
    return ProcessHandle.of(pid)
        .filter(process -> startedAtMillis(process) == startedAtMillis)
        .isPresent();
  }

  private static List<RunningStack> published(Path directory) {
    if (Files.notExists(directory)) {
      return List.of();
    }
    List<RunningStack> stacks = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      requireOurs(directory);
      for (Path file : files.filter(f -> f.toString().endsWith(".properties")).toList()) {
        read(file, stacks);
      }
    } catch (IOException e) {
      throw new StackException("%s cannot be read: %s".formatted(directory, e.getMessage()), e);
    }
    return stacks;
  }

  private static void read(Path file, List<RunningStack> into) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (NoSuchFileException endedMeanwhile) {
      return;
    }
    try {
      into.add(
          new RunningStack(
              properties.getProperty("bootstrap"),
              URI.create(properties.getProperty("ui")),
              URI.create(properties.getProperty("sql-gateway")),
              Path.of(properties.getProperty("data")),
              Long.parseLong(properties.getProperty("pid")),
              Long.parseLong(properties.getProperty("started-at-millis"))));
    } catch (RuntimeException e) {
      throw new StackException("%s is not a stack's file: remove it".formatted(file), e);
    }
  }

  /**
   * In a temporary directory another user may have been there first, and would tell where to
   * connect.
   */
  private static void makeOurs(Path directory) throws IOException {
    if (Files.notExists(directory)) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    requireOurs(directory);
  }

  private static void requireOurs(Path directory) throws IOException {
    String owner = Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).getName();
    String mode =
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS));
    // A user without a name, as in some containers, is "?"; only its own 0700 directory opens to
    // it.
    String user = System.getProperty("user.name");
    boolean ours = owner.equals(user) || user.equals("?");
    if (!ours || !mode.equals("rwx------")) {
      throw new StackException(
          "%s belongs to %s with mode %s: expected this user and rwx------; remove it, or set XDG_RUNTIME_DIR"
              .formatted(directory, owner, mode));
    }
  }

  private static long startedAtMillis(ProcessHandle process) {
    return process.info().startInstant().map(instant -> instant.toEpochMilli()).orElse(0L);
  }
}
