/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.schemas.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

/** Against Avro's own encoder. */
class AvroOutputTest {
  @Test
  void writes_numbers_of_every_length_as_avro_does() throws IOException {
    var output = new AvroOutput();
    for (long number : numbers()) {
      output.writeLong(number);
    }

    assertThat(output.toByteArray()).isEqualTo(avro(numbers()));
  }

  @Test
  void writes_three_numbers_and_what_is_encoded_already_one_behind_the_other() throws IOException {
    var output = new AvroOutput();
    List<Long> expected = new ArrayList<>();
    for (long number : numbers()) {
      output.write(-1, number, 1L << 40, avro(List.of(number)));
      expected.addAll(List.of(-1L, number, 1L << 40, number));
    }

    assertThat(output.toByteArray()).isEqualTo(avro(expected));
  }

  /** On either side of every power of two, and below zero. */
  private static List<Long> numbers() {
    List<Long> numbers = new ArrayList<>(List.of(0L, Long.MAX_VALUE, Long.MIN_VALUE));
    for (int bits = 0; bits < Long.SIZE - 1; bits++) {
      long power = 1L << bits;
      numbers.addAll(List.of(power - 1, power, power + 1, -power, -power - 1));
    }
    return numbers;
  }

  private static byte[] avro(List<Long> numbers) throws IOException {
    var bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    for (long number : numbers) {
      encoder.writeLong(number);
    }
    encoder.flush();
    return bytes.toByteArray();
  }
}
