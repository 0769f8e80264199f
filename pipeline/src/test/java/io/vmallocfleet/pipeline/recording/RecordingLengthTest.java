/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vmallocfleet.schemas.VmallocSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.util.RandomData;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingLengthTest {
  private static final int SNAPSHOTS = 60;
  private static final int IN_FIRST_BLOCKS = 40;

  @TempDir private Path directory;
  private Path recording;
  private long endOfFirstBlocks;

  @BeforeEach
  void record() throws IOException {
    recording = directory.resolve("fleet.avro");
    Schema schema = new Schema.Parser().parse(VmallocSnapshot.getClassSchema().toString());
    try (var writer = new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
      writer.create(schema, recording.toFile());
      int written = 0;
      for (Object snapshot : new RandomData(schema, SNAPSHOTS, 42L)) {
        writer.append(snapshot);
        if (++written % 10 == 0) {
          long end = writer.sync();
          endOfFirstBlocks = written == IN_FIRST_BLOCKS ? end : endOfFirstBlocks;
        }
      }
    }
  }

  @Test
  void all_blocks_together_hold_what_was_written() throws IOException {
    assertThat(RecordingLength.of(recording)).isEqualTo(new RecordingLength(SNAPSHOTS, 0));
  }

  @Test
  void of_a_file_that_breaks_off_the_whole_blocks_count() throws IOException {
    byte[] bytes = Files.readAllBytes(recording);

    for (long length = endOfFirstBlocks; length < endOfFirstBlocks + 20; length++) {
      Files.write(recording, Arrays.copyOf(bytes, (int) length));
      assertThat(RecordingLength.of(recording))
          .isEqualTo(new RecordingLength(IN_FIRST_BLOCKS, length - endOfFirstBlocks));
    }
  }

  @Test
  void a_file_that_breaks_off_is_read_to_its_last_whole_block_and_then_ends() throws IOException {
    byte[] bytes = Files.readAllBytes(recording);
    Files.write(recording, Arrays.copyOf(bytes, (int) endOfFirstBlocks + 100));

    int read = 0;
    try (var reader = new RecordingReader("fleet.avro", Files.newInputStream(recording))) {
      while (reader.next() != null) {
        read++;
      }

      assertThat(read).isEqualTo(IN_FIRST_BLOCKS);
      assertThat(reader.next()).isNull();
    }
  }

  @Test
  void what_is_no_recording_is_told() throws IOException {
    Files.writeString(recording, "hello");

    assertThatThrownBy(() -> RecordingLength.of(recording))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("fleet.avro is not a recording: ");
  }
}
