/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.benchmarks;

import io.vmallocfleet.agent.snapshot.SnapshotEncoder;
import io.vmallocfleet.pipeline.usage.HostUsage;
import io.vmallocfleet.pipeline.usage.Origin;
import io.vmallocfleet.pipeline.usage.SnapshotFold;
import io.vmallocfleet.schemas.UnreadableRecordException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One snapshot to the usage of a host: what the pipeline does first with every record. */
@State(Scope.Thread)
public class FoldBenchmark {

  private static final Origin ORIGIN = new Origin("vmalloc.snapshots", 0, 42, 1_700_000_000_000L);

  @Param Capture capture;

  @Param({"1000", "50000"})
  int rows;

  private byte[] snapshot;
  private final SnapshotFold fold = new SnapshotFold();

  @Setup
  public void setUp() {
    snapshot = Snapshot.of(Corpus.of(capture, rows).table(capture), new SnapshotEncoder(true));
  }

  @Benchmark
  public HostUsage fold() throws UnreadableRecordException {
    return fold.fold(ORIGIN, snapshot);
  }

  @Benchmark
  public long sumOfBytes() {
    return Ceiling.sumOfBytes(snapshot);
  }
}
