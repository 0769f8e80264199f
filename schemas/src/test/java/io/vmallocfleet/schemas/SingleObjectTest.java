/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SingleObjectTest {
  private final SingleObject<DeadLetter> codec = new SingleObject<>(DeadLetter.class);
  private final DeadLetter letter =
      new DeadLetter(
          "vmalloc.snapshots",
          3,
          17L,
          Instant.ofEpochMilli(1_700_000_000_123L),
          DeadLetterReason.UNDECODABLE,
          "cut short",
          ByteBuffer.wrap(new byte[] {1, 2, 3}));

  @Test
  void decodes_what_it_encoded() throws Exception {
    assertThat(codec.decode(codec.encode(letter))).isEqualTo(letter);
  }

  @Test
  void names_what_is_not_ours() {
    assertThatThrownBy(() -> codec.decode("hello, world".getBytes()))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessage(
            "12 bytes do not begin with the single-object marker c301 and a fingerprint: not a DeadLetter")
        .extracting(e -> ((UnreadableRecordException) e).reason())
        .isEqualTo(DeadLetterReason.UNDECODABLE);
  }

  @Test
  void names_a_schema_it_does_not_know() {
    byte[] bytes = codec.encode(letter);
    Arrays.fill(bytes, 2, 10, (byte) 0x11);

    assertThatThrownBy(() -> codec.decode(bytes))
        .hasMessage(
            "DeadLetter was written with schema 1111111111111111, which this release does not know: a newer writer?")
        .extracting(e -> ((UnreadableRecordException) e).reason())
        .isEqualTo(DeadLetterReason.UNKNOWN_SCHEMA);
  }

  @Test
  void refuses_a_record_cut_at_any_byte_or_with_bytes_left_over_and_then_reads_the_next()
      throws Exception {
    byte[] whole = codec.encode(letter);

    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> codec.decode(cut)).isInstanceOf(UnreadableRecordException.class);
    }
    assertThatThrownBy(() -> codec.decode(Arrays.copyOf(whole, whole.length + 1)))
        .hasMessageContaining("bytes left over");
    assertThat(codec.decode(whole)).isEqualTo(letter);
  }

  @Test
  void never_throws_anything_else_on_corrupt_bytes() {
    var random = new SplittableRandom(1);
    byte[] whole = codec.encode(letter);

    for (int i = 0; i < 20_000; i++) {
      byte[] corrupt = whole.clone();
      corrupt[
              SingleObject.HEADER_BYTES
                  + random.nextInt(whole.length - SingleObject.HEADER_BYTES)] =
          (byte) random.nextInt();
      try {
        codec.decode(corrupt);
      } catch (UnreadableRecordException expected) {
        assertThat(expected.reason()).isEqualTo(DeadLetterReason.UNDECODABLE);
      }
    }
  }
}
