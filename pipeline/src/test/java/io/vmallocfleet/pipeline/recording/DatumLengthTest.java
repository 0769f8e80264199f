/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vmallocfleet.schemas.VmallocSnapshot;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.RandomData;
import org.junit.jupiter.api.Test;

class DatumLengthTest {
  private final Schema schema =
      new Schema.Parser().parse(VmallocSnapshot.getClassSchema().toString());
  private final List<Integer> ends = new ArrayList<>();

  @Test
  void random_snapshots_one_after_the_other_end_where_avro_ended_them() throws Exception {
    assertEnds(block(false));
  }

  @Test
  void so_do_those_whose_arrays_say_how_many_bytes_their_blocks_have() throws Exception {
    assertEnds(block(true));
  }

  @Test
  void a_snapshot_that_is_cut_off_is_told() throws Exception {
    byte[] block = block(false);
    byte[] cut = Arrays.copyOf(block, ends.get(0) - 1);

    assertThatThrownBy(() -> new DatumLength(schema).end(cut, 0))
        .isInstanceOf(AvroRuntimeException.class)
        .hasMessageContaining("beyond its block");
  }

  private void assertEnds(byte[] block) {
    var length = new DatumLength(schema);
    int at = 0;
    for (int end : ends) {
      at = length.end(block, at);
      assertThat(at).isEqualTo(end);
    }
    assertThat(at).isEqualTo(block.length);
  }

  private byte[] block(boolean withByteCounts) throws Exception {
    var bytes = new ByteArrayOutputStream();
    var factory = new EncoderFactory();
    BinaryEncoder encoder =
        withByteCounts
            ? factory.blockingBinaryEncoder(bytes, null)
            : factory.binaryEncoder(bytes, null);
    for (Object datum : new RandomData(schema, 50, 42L)) {
      new GenericDatumWriter<>(schema).write(datum, encoder);
      encoder.flush();
      ends.add(bytes.size());
    }
    return bytes.toByteArray();
  }
}
