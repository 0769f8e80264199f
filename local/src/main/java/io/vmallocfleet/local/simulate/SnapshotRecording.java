/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulate;

import io.vmallocfleet.local.simulation.host.Delivered;
import io.vmallocfleet.local.simulation.host.HostPlan;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.VmallocSnapshot;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;

/**
 * An Avro container file of snapshots, as the agent records them but for the compression: zstd,
 * which is several times as fast as deflate at these sizes.
 */
public final class SnapshotRecording implements AutoCloseable {
  private static final int LEVEL = 1;
  private static final int BLOCK_BYTES = 1 << 20;

  /** Sets the marker's chances apart from those of hosts and events. */
  private static final long MARK = -1;

  private final DataFileWriter<VmallocSnapshot> writer;

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
