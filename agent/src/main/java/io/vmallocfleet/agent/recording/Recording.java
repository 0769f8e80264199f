/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.recording;

import io.vmallocfleet.agent.spool.Outbox;
import io.vmallocfleet.agent.spool.Outgoing;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.VmallocSnapshot;
import io.vmallocfleet.schemas.snapshot.SpoolOccupancy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;

/**
 * A file being recorded: an Avro object container of {@code VmallocSnapshot}, deflated, flushed
 * after each snapshot, so that a killed recorder leaves a readable file.
 */
public final class Recording implements Outbox, AutoCloseable {
  private static final int DEFLATE_LEVEL = 6;

  private final DataFileWriter<VmallocSnapshot> writer;
  private final long limit;
  private final CompletableFuture<Void> complete = new CompletableFuture<>();
  private long snapshots;

  private Recording(DataFileWriter<VmallocSnapshot> writer, long limit) {
    this.writer = writer;
    this.limit = limit;
  }

  /**
   * Replaces the file.
   *
   * @param limit snapshots after which the recording is complete
   */
  public static Recording create(Path file, long limit) throws IOException {
    SingleObject.trustOwnClasses();
    var schema = VmallocSnapshot.getClassSchema();
    var writer = new DataFileWriter<VmallocSnapshot>(new SpecificDatumWriter<>(schema));
    writer.setCodec(CodecFactory.deflateCodec(DEFLATE_LEVEL));
    writer.create(schema, file.toFile());
    return new Recording(writer, limit);
  }

  /** Done at the limit; fails when the file cannot be written. */
  public CompletableFuture<Void> complete() {
    return complete;
  }

  public synchronized long snapshots() {
    return snapshots;
  }

  @Override
  public synchronized void put(Outgoing snapshot) {
    if (complete.isDone()) {
      return;
    }
    byte[] bytes = snapshot.snapshot();
    int header = SingleObject.HEADER_BYTES;
    try {
      writer.appendEncoded(ByteBuffer.wrap(bytes, header, bytes.length - header));
      writer.fSync();
    } catch (IOException e) {
      complete.completeExceptionally(e);
      return;
    }
    snapshots++;
    if (snapshots == limit) {
      complete.complete(null);
    }
  }

  /** None: a recording that cannot be written ends. */
  @Override
  public long dropped() {
    return 0;
  }

  /** None: a recorder waits for nobody. */
  @Override
  public SpoolOccupancy occupancy() {
    return SpoolOccupancy.NONE;
  }

  @Override
  public synchronized void close() throws IOException {
    writer.close();
  }
}
