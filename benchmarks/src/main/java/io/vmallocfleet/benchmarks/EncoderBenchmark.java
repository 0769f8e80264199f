/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.benchmarks;

import io.vmallocfleet.agent.snapshot.SnapshotEncoder;
import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One table to a snapshot: sorting real addresses or chaining hashed ones included. */
@State(Scope.Thread)
public class EncoderBenchmark {

  @Param Capture capture;

  @Param({"1000", "50000"})
  int rows;

  private AreaTable table;
  private byte[] snapshot;
  private final SnapshotEncoder encoder = new SnapshotEncoder(true);

  @Setup
  public void setUp() {
    table = Corpus.of(capture, rows).table(capture);
    snapshot = Snapshot.of(table, encoder);
  }

  @Benchmark
  public byte[] encode() {
    return Snapshot.of(table, encoder);
  }

  @Benchmark
  public long sumOfBytes() {
    return Ceiling.sumOfBytes(snapshot);
  }
}
