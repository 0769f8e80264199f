/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.recording;

import io.vmallocfleet.pipeline.usage.Delivery;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.connector.file.src.reader.SimpleStreamFormat;
import org.apache.flink.connector.file.src.reader.StreamFormat;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;

/**
 * The snapshots of an Avro container file, in its order, which is that of their arrival. Read by
 * one task from front to back: split, its halves would come hours apart in event time. After a
 * restart Flink reads up to where it was and goes on.
 */
public final class RecordedDeliveries extends SimpleStreamFormat<Delivery> {
  private static final long serialVersionUID = 1;

  private final String name;

  private RecordedDeliveries(String name) {
    this.name = name;
  }

  /** A bounded source over the file. */
  public static FileSource<Delivery> source(java.nio.file.Path file) {
    return FileSource.forRecordStreamFormat(
            new RecordedDeliveries(file.getFileName().toString()),
            Path.fromLocalFile(file.toFile()))
        .build();
  }

  @Override
  public StreamFormat.Reader<Delivery> createReader(Configuration config, FSDataInputStream in)
      throws IOException {
    var recording = new RecordingReader(name, in);
    return new StreamFormat.Reader<>() {
      @Override
      public Delivery read() throws IOException {
        return recording.next();
      }

      @Override
      public void close() throws IOException {
        recording.close();
      }
    };
  }

  @Override
  public TypeInformation<Delivery> getProducedType() {
    return TypeInformation.of(Delivery.class);
  }
}
