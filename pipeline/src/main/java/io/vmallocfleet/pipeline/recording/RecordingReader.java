/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.recording;

import io.vmallocfleet.pipeline.usage.Delivery;
import io.vmallocfleet.pipeline.usage.FleetClock;
import io.vmallocfleet.pipeline.usage.HostUsage;
import io.vmallocfleet.pipeline.usage.Origin;
import io.vmallocfleet.pipeline.usage.SnapshotFold;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.UnreadableRecordException;
import io.vmallocfleet.schemas.VmallocSnapshot;
import io.vmallocfleet.schemas.snapshot.SnapshotCursor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.function.Predicate;
import javax.annotation.Nullable;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;

/**
 * Reads a recording snapshot by snapshot through the job's own fold; memory is one block of the
 * file. A recording does not say when its snapshots arrived: the fleet's clock at each stands for
 * it.
 */
public final class RecordingReader implements AutoCloseable {
  private final String name;
  private final DataFileStream<Object> file;
  private final byte[] header;
  private final DatumLength length;
  private final SnapshotFold fold = new SnapshotFold();
  private final SnapshotCursor cursor = new SnapshotCursor();

  /** By host id; null for all, who need not be asked. */
  private final @Nullable Predicate<String> wanted;

  private final FleetClock clock = new FleetClock();
  private byte[] block = {};
  private int position;
  private long leftInBlock;
  private boolean ended;
  private long number;
  private long clockMillis;

  /**
   * @param name of the file, for errors and dead letters
   * @throws IOException if it is no container file of snapshots; says so
   */
  public RecordingReader(String name, InputStream in) throws IOException {
    this(name, in, null);
  }

  /**
   * Passes over the snapshots of hosts nobody wants, which takes a fraction of the time; the
   * fleet's clock then hears the others alone.
   *
   * @param wanted by host id; null for all
   * @throws IOException as above
   */
  public RecordingReader(String name, InputStream in, @Nullable Predicate<String> wanted)
      throws IOException {
    this.name = name;
    this.wanted = wanted;
    try {
      file = new DataFileStream<>(in, new GenericDatumReader<>());
    } catch (IOException | AvroRuntimeException e) {
      throw noRecording(name, e);
    }
    String schema = file.getSchema().getFullName();
    if (!schema.equals(VmallocSnapshot.getClassSchema().getFullName())) {
      throw new IOException(
          "%s holds %s: expected %s, as vmalloc-agent record writes it"
              .formatted(name, schema, VmallocSnapshot.getClassSchema().getFullName()));
    }
    header = SingleObject.header(file.getSchema());
    length = new DatumLength(file.getSchema());
  }

  /**
   * The next snapshot, or the dead letter of one that cannot be read; null at the end, and where a
   * killed recorder left off.
   *
   * @throws IOException if the file is damaged from here on; says where
   */
  public @Nullable Delivery next() throws IOException {
    try {
      while (true) {
        while (leftInBlock == 0) {
          // Asked again, Avro would give out what it read of a block that is not whole.
          ended = ended || !file.hasNext();
          if (ended) {
            return null;
          }
          open(file.nextBlock());
        }
        Delivery delivery = delivery(datum());
        if (delivery != null) {
          return delivery;
        }
      }
    } catch (IOException | AvroRuntimeException e) {
      throw new IOException(
          "%s is damaged after %d snapshots: %s".formatted(name, number, e.getMessage()), e);
    }
  }

  static IOException noRecording(String name, Exception why) {
    return new IOException(
        name + " is not a recording: " + why.getMessage() + "; vmalloc-agent record makes one",
        why);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private void open(ByteBuffer bytes) {
    block = new byte[bytes.remaining()];
    bytes.get(block);
    position = 0;
    leftInBlock = file.getBlockCount();
  }

  /** The next snapshot of the block as a single-object record; only its length is decoded. */
  private byte[] datum() {
    int end = length.end(block, position);
    byte[] record = new byte[header.length + end - position];
    System.arraycopy(header, 0, record, 0, header.length);
    System.arraycopy(block, position, record, header.length, end - position);
    position = end;
    leftInBlock--;
    return record;
  }

  /** Null if nobody wants it. */
  private @Nullable Delivery delivery(byte[] record) {
    var origin = new Origin(name, 0, number++, clockMillis);
    try {
      if (wanted != null && !wanted.test(cursor.hostId(record))) {
        return null;
      }
      HostUsage usage = fold.fold(origin, record);
      clockMillis = clock.hear(usage.hostId(), usage.takenAtMillis());
      return Delivery.of(usage, clockMillis);
    } catch (UnreadableRecordException e) {
      return Delivery.unreadable(origin, record, e);
    }
  }
}
