/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import java.util.Map;

/**
 * One run of one variant, from its first records to its end.
 *
 * @param records Kafka records in that time
 * @param flinkMicros processor time of Flink's process, all of it: garbage collection and the
 *     cluster's own work included, the JIT compiler's not
 * @param compilerMicros that of the JIT compiler
 * @param brokerMicros processor time of the broker's
 * @param peakHeapBytes the most the heap held, garbage included
 * @param liveHeapBytes the most that was left after a garbage collection
 * @param checkpointBytes of the checkpoint near the end; negative without one
 * @param checkpointMillis how long it took; negative without one
 * @param resumeMillis from submitting the job anew, on that checkpoint, until all its subtasks have
 *     their state and run; negative without one
 * @param busyMillis by subtask
 */
record Measurement(
    long records,
    long wallMicros,
    long flinkMicros,
    long compilerMicros,
    long brokerMicros,
    long allocatedBytes,
    long peakHeapBytes,
    long liveHeapBytes,
    long checkpointBytes,
    long checkpointMillis,
    long resumeMillis,
    Map<String, Long> busyMillis) {

  /** Microseconds of Flink's processor time. */
  double flinkPerRecord() {
    return (double) flinkMicros / records;
  }
}
