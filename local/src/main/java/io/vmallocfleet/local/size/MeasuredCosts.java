/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.size;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Every measured number that sizing rests on, all out of one run of {@code bench}. Processor time
 * is of one snapshot.
 *
 * @param areas of the snapshots it ran on
 * @param callers of them
 * @param bytesMicros Flink's, to read the bytes: variant (a)
 * @param foldMicros Flink's, to decode and fold them as well: (b)
 * @param jobMicros Flink's, of the whole job: (c)
 * @param brokerMicros the broker's, to hand out a snapshot and take what the job writes: (c)
 * @param wireBytes of a snapshot, compressed
 * @param hostWindowBytes of what the job writes of a host and window, compressed
 * @param stateBytes of a host in a checkpoint
 */
record MeasuredCosts(
    double areas,
    double callers,
    double bytesMicros,
    double foldMicros,
    double jobMicros,
    double brokerMicros,
    double wireBytes,
    double hostWindowBytes,
    double stateBytes) {

  /** Of two quiet processors, see docs/performance.md. */
  static final MeasuredCosts PUBLISHED =
      new MeasuredCosts(975, 73, 30, 68, 165, 12, 3_738, 306, 5_978);

  /**
   * Those of a file that {@code bench --json} wrote.
   *
   * @throws IOException if it cannot be read, or lacks a variant
   */
  static MeasuredCosts of(Path file) throws IOException {
    JsonNode result = new ObjectMapper().readTree(file.toFile());
    JsonNode filled = result.path("filled");
    double snapshots = filled.path("snapshots").asDouble();
    JsonNode job = variant(file, result, "c");
    return new MeasuredCosts(
        filled.path("areas").asDouble() / snapshots,
        filled.path("callSites").asDouble() / snapshots,
        variant(file, result, "a").at("/flinkMicros/median").asDouble(),
        variant(file, result, "b").at("/flinkMicros/median").asDouble(),
        job.at("/flinkMicros/median").asDouble(),
        job.at("/brokerMicros/median").asDouble(),
        filled.path("topicBytes").asDouble() / snapshots,
        result.path("hostWindowBytes").asDouble(),
        job.at("/runs/0/checkpointBytes").asDouble() / result.at("/load/hosts").asDouble());
  }

  private static JsonNode variant(Path file, JsonNode result, String letter) throws IOException {
    for (JsonNode variant : result.path("variants")) {
      if (variant.path("letter").asText().equals(letter)) {
        return variant;
      }
    }
    throw new IOException(
        "%s has no variant (%s): expected what bench --only abc --json wrote"
            .formatted(file, letter));
  }
}
