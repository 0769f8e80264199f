/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.recording;

import io.vmallocfleet.agent.spool.Outgoing;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.VmallocSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.specific.SpecificDatumReader;

/**
 * The snapshots of a container file, in its order, one in memory at a time, in this release's
 * schema whichever wrote them. Closing ends reading.
 */
public final class RecordedSnapshots implements AutoCloseable {
  private final Path file;
  private final DataFileReader<VmallocSnapshot> reader;
  private final SingleObject<VmallocSnapshot> codec = new SingleObject<>(VmallocSnapshot.class);

  private RecordedSnapshots(Path file, DataFileReader<VmallocSnapshot> reader) {
    this.file = file;
    this.reader = reader;
  }

  /**
   * @throws IOException if it is no container file of snapshots; says so
   */
  public static RecordedSnapshots open(Path file) throws IOException {
    SingleObject.trustOwnClasses();
    try {
      return new RecordedSnapshots(
          file,
          new DataFileReader<>(file.toFile(), new SpecificDatumReader<>(VmallocSnapshot.class)));
    } catch (IOException | AvroRuntimeException e) {
      throw new IOException(
          file + " is not a recording: " + e.getMessage() + "; vmalloc-agent record makes one", e);
    }
  }

  /**
   * A snapshot that a killed recorder did not finish counts as the end.
   *
   * @throws IOException if the file is damaged from here on; says where
   */
  public boolean hasNext() throws IOException {
    try {
      return reader.hasNext();
    } catch (AvroRuntimeException e) {
      throw damaged(e);
    }
  }

  /**
   * @throws IOException if the file is damaged from here on; says where
   */
  public Outgoing next() throws IOException {
    VmallocSnapshot snapshot;
    try {
      snapshot = reader.next();
    } catch (AvroRuntimeException e) {
      throw damaged(e);
    }
    return new Outgoing(
        snapshot.getHost().getId(),
        codec.encode(snapshot),
        ChronoUnit.MICROS.between(Instant.EPOCH, snapshot.getTakenAt()),
        0);
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  private IOException damaged(AvroRuntimeException e) {
    return new IOException(file + " is damaged: " + e.getMessage(), e);
  }
}
