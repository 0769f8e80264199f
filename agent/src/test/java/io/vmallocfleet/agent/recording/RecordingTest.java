/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vmallocfleet.agent.Snapshots;
import io.vmallocfleet.agent.snapshot.SnapshotEncoder;
import io.vmallocfleet.agent.spool.Outgoing;
import io.vmallocfleet.schemas.snapshot.HostBudget;
import io.vmallocfleet.schemas.snapshot.HostIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {
  private final Snapshots snapshots =
      new Snapshots(
          new HostIdentity("id", "host", "boot", "6.18", "#1", "x86_64", 4096, 2, Map.of()),
          new SnapshotEncoder(true));

  @TempDir Path directory;

  @Test
  void what_was_recorded_comes_back_byte_for_byte() throws Exception {
    List<Outgoing> taken = record(3);

    try (var recorded = RecordedSnapshots.open(file())) {
      for (Outgoing snapshot : taken) {
        Outgoing back = recorded.next();
        assertThat(back.hostId()).isEqualTo("id");
        assertThat(back.takenAtMicros()).isEqualTo(snapshot.takenAtMicros());
        assertThat(back.snapshot()).isEqualTo(snapshot.snapshot());
      }
      assertThat(recorded.hasNext()).isFalse();
    }
  }

  @Test
  void any_avro_reader_reads_it_with_the_schema_in_the_file() throws Exception {
    record(2);

    try (var reader =
        new DataFileReader<GenericRecord>(file().toFile(), new GenericDatumReader<>())) {
      assertThat(reader.next().get("sequence")).isEqualTo(0L);
      assertThat(reader.next().get("sequence")).isEqualTo(1L);
    }
  }

  @Test
  void a_file_cut_short_by_a_kill_ends_with_what_is_whole() throws Exception {
    record(3);
    byte[] whole = Files.readAllBytes(file());
    Files.write(file(), Arrays.copyOf(whole, whole.length - 20));

    try (var recorded = RecordedSnapshots.open(file())) {
      recorded.next();
      recorded.next();
      assertThat(recorded.hasNext()).isFalse();
    }
  }

  @Test
  void another_file_is_no_recording() throws IOException {
    Files.writeString(file(), "text");

    assertThatThrownBy(() -> RecordedSnapshots.open(file()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not a recording")
        .hasMessageContaining("vmalloc-agent record makes one");
  }

  private List<Outgoing> record(int count) throws IOException {
    List<Outgoing> taken = new ArrayList<>();
    try (var recording = Recording.create(file(), count)) {
      for (int i = 0; i < count; i++) {
        long takenAt = 1_000_000L * i;
        byte[] snapshot =
            snapshots.blind(
                "no permission",
                new Snapshots.Circumstances(takenAt, 1, 0, 0, 0, HostBudget.UNKNOWN));
        taken.add(new Outgoing("id", snapshot, takenAt, 0));
        recording.put(taken.get(i));
      }
      assertThat(recording.complete()).isCompleted();
    }
    return taken;
  }

  private Path file() {
    return directory.resolve("snapshots.avro");
  }
}
