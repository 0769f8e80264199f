/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.recording;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/**
 * How many snapshots a recording holds, from what its blocks say of themselves (Avro 1.12
 * specification, "Object Container Files"): nothing is decompressed, ten gigabytes take a moment.
 *
 * @param snapshots in whole blocks
 * @param bytesLeftOver behind the last whole block: what a killed recorder left, or damage
 */
public record RecordingLength(long snapshots, long bytesLeftOver) {

  /**
   * @throws IOException if it cannot be opened, or is no container file
   */
  public static RecordingLength of(Path file) throws IOException {
    long snapshots = 0;
    long whole = behindHeader(file);
    try (FileChannel channel = FileChannel.open(file)) {
      channel.position(whole);
      BinaryDecoder blocks =
          DecoderFactory.get().directBinaryDecoder(Channels.newInputStream(channel), null);
      while (channel.position() < channel.size()) {
        long count = blocks.readLong();
        long end = blocks.readLong() + DataFileConstants.SYNC_SIZE + channel.position();
        if (count < 0 || end < channel.position() || end > channel.size()) {
          break;
        }
        channel.position(end);
        whole = end;
        snapshots += count;
      }
    } catch (EOFException e) {
      // In the two numbers at the head of a block.
    }
    return new RecordingLength(snapshots, Files.size(file) - whole);
  }

  private static long behindHeader(Path file) throws IOException {
    try (var reader = new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
      return reader.previousSync();
    } catch (IOException | AvroRuntimeException e) {
      throw RecordingReader.noRecording(file.getFileName().toString(), e);
    }
  }
}
