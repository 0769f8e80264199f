/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * Where the cluster keeps checkpoints, where its web UI listens, and its size.
 *
 * @param directory made when it is not there; jobs of an earlier run resume from it
 * @param uiPort of the web UI and REST API on 127.0.0.1; 0 takes a free one
 * @param slots as many parallel subtasks as can run, all jobs together
 * @param checkpointInterval also how long a committed result waits at most with an exactly-once
 *     sink
 * @param more options of Flink's that win over ours
 */
public record FlinkSettings(
    Path directory, int uiPort, int slots, Duration checkpointInterval, Map<String, String> more) {
  public FlinkSettings(Path directory, int uiPort, int slots, Duration checkpointInterval) {
    this(directory, uiPort, slots, checkpointInterval, Map.of());
  }

  public FlinkSettings {
    more = Map.copyOf(more);
    Objects.requireNonNull(directory, "directory");
    if (uiPort < 0 || uiPort > 65_535) {
      throw new IllegalArgumentException("UI port is " + uiPort + ": expected 0 (any) to 65535");
    }
    if (slots < 1) {
      throw new IllegalArgumentException("slots is " + slots + ": expected at least 1");
    }
    if (checkpointInterval.toMillis() < 10) {
      throw new IllegalArgumentException(
          "checkpoint interval is " + checkpointInterval + ": expected 10 ms or more");
    }
  }
}
