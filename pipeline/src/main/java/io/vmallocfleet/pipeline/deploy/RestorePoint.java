/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.deploy;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.Checkpoints;

/**
 * A completed checkpoint or savepoint on disk.
 *
 * <p>Which is newest is read from its number, not from a clock: a job that resumes goes on counting
 * where it left off, checkpoints and savepoints from one counter, so within one job name the
 * highest number is the latest state.
 *
 * @param directory the {@code chk-N} or {@code savepoint-…} directory
 */
public record RestorePoint(Path directory, long checkpointId) {
  /** Flink renames this file into place last: where it exists, the checkpoint is whole. */
  private static final String METADATA = "_metadata";

  /**
   * The newest one below any of the given directories; directories that do not exist hold none.
   *
   * @throws IOException when one cannot be read: going back to an older one would repeat results
   *     already committed, so a person has to decide
   */
  public static Optional<RestorePoint> newestIn(List<Path> directories) throws IOException {
    List<RestorePoint> found = new ArrayList<>();
    for (Path directory : directories) {
      for (Path metadata : metadataBelow(directory)) {
        found.add(read(metadata));
      }
    }
    return found.stream().max(Comparator.comparingLong(RestorePoint::checkpointId));
  }

  public String uri() {
    return directory.toUri().toString();
  }

  private static List<Path> metadataBelow(Path directory) throws IOException {
    if (Files.notExists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.find(directory, 3, (path, about) -> path.endsWith(METADATA))) {
      return files.toList();
    } catch (UncheckedIOException e) {
      throw new IOException("Checkpoints in %s cannot be listed".formatted(directory), e);
    }
  }

  private static RestorePoint read(Path metadata) throws IOException {
    Path directory = metadata.getParent();
    try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(metadata)))) {
      var loader = Thread.currentThread().getContextClassLoader();
      var read = Checkpoints.loadCheckpointMetadata(in, loader, directory.toString());
      return new RestorePoint(directory, read.getCheckpointId());
    } catch (IOException | RuntimeException e) {
      throw new IOException(
          "Checkpoint %s cannot be read (%s): move it away to resume from an older one, which repeats what was done since"
              .formatted(directory, e.getMessage()),
          e);
    }
  }
}
