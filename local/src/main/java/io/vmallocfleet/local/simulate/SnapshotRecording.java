/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulate;

import io.vmallocfleet.local.simulation.host.Delivered;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.VmallocSnapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;

/**
 * An Avro container file of snapshots, as the agent records them but for the compression: zstd,
 * which is several times as fast as deflate at these sizes.
 */
public final class SnapshotRecording implements AutoCloseable {
  private static final int LEVEL = 1;
  private static final int BLOCK_BYTES = 1 << 20;

  private final DataFileWriter<VmallocSnapshot> writer;

  private SnapshotRecording(DataFileWriter<VmallocSnapshot> writer) {
    this.writer = writer;
  }

  /** Replaces the file. */
  public static SnapshotRecording create(Path file) throws IOException {
    SingleObject.trustOwnClasses();
    var schema = VmallocSnapshot.getClassSchema();
    var writer = new DataFileWriter<VmallocSnapshot>(new SpecificDatumWriter<>(schema));
    writer.setCodec(CodecFactory.zstandardCodec(LEVEL)).setSyncInterval(BLOCK_BYTES);
    writer.create(schema, file.toFile());
    return new SnapshotRecording(writer);
  }

  public void append(Delivered snapshot) throws IOException {
    byte[] bytes = snapshot.snapshot();
    int header = SingleObject.HEADER_BYTES;
    writer.appendEncoded(ByteBuffer.wrap(bytes, header, bytes.length - header));
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
