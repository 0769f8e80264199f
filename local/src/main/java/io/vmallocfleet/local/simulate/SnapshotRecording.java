/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulate;

import io.vmallocfleet.local.simulation.host.Delivered;
import io.vmallocfleet.local.simulation.host.HostPlan;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.VmallocSnapshot;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;

/**
 * An Avro container file of snapshots, as the agent records them but for the compression: zstd,
 * which is several times as fast as deflate at these sizes. That still takes as long as to simulate
 * a snapshot, and so a thread of its own compresses and writes, at most one batch behind.
 */
public final class SnapshotRecording implements AutoCloseable {
  private static final int LEVEL = 1;
  private static final int BLOCK_BYTES = 1 << 20;

  /** Snapshots handed over at once: a megabyte, about a block. */
  private static final int BATCH = 64;

  /** Sets the marker's chances apart from those of hosts and events. */
  private static final long MARK = -1;

  private final DataFileWriter<VmallocSnapshot> writer;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "recording"));
  private List<byte[]> batch = new ArrayList<>();
  private Future<Void> before = CompletableFuture.completedFuture(null);

  private SnapshotRecording(DataFileWriter<VmallocSnapshot> writer) {
    this.writer = writer;
  }

  /**
   * Replaces the file.
   *
   * @param seed of what it holds; Avro would mark blocks by chance, and the same fleet would never
   *     give the same bytes
   */
  public static SnapshotRecording create(Path file, long seed) throws IOException {
    SingleObject.trustOwnClasses();
    var schema = VmallocSnapshot.getClassSchema();
    var writer = new DataFileWriter<VmallocSnapshot>(new SpecificDatumWriter<>(schema));
    writer.setCodec(CodecFactory.zstandardCodec(LEVEL)).setSyncInterval(BLOCK_BYTES);
    var mark = ByteBuffer.allocate(DataFileConstants.SYNC_SIZE);
    var random = new SplittableRandom(HostPlan.mix(seed, MARK));
    mark.putLong(random.nextLong()).putLong(random.nextLong());
    writer.create(
        schema, new BufferedOutputStream(Files.newOutputStream(file), BLOCK_BYTES), mark.array());
    return new SnapshotRecording(writer);
  }

  /**
   * @throws IOException if this one or one before it cannot be written
   */
  public void append(Delivered snapshot) throws IOException {
    batch.add(snapshot.snapshot());
    if (batch.size() == BATCH) {
      hand();
    }
  }

  @Override
  public void close() throws IOException {
    try (writer) {
      hand();
      settle();
    } finally {
      thread.shutdown();
    }
  }

  private void hand() throws IOException {
    settle();
    List<byte[]> full = batch;
    batch = new ArrayList<>(BATCH);
    before =
        thread.submit(
            () -> {
              write(full);
              return null;
            });
  }

  private void write(List<byte[]> snapshots) throws IOException {
    int header = SingleObject.HEADER_BYTES;
    for (byte[] bytes : snapshots) {
      writer.appendEncoded(ByteBuffer.wrap(bytes, header, bytes.length - header));
    }
  }

  /** Until the batch before is written. */
  private void settle() throws IOException {
    try {
      before.get();
    } catch (ExecutionException e) {
      before = CompletableFuture.completedFuture(null); // told once
      throw new IOException(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while writing a recording");
    }
  }
}
