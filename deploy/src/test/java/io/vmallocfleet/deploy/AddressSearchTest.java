/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AddressSearchTest {
  private static final long ADDRESS = 0xffffb0c180345000L;

  @TempDir Path directory;
  private AddressSearch search;

  @BeforeEach
  void a_file_of_one_area() throws Exception {
    Path file = directory.resolve("vmallocinfo");
    Files.writeString(
        file,
        "0xffffb0c180345000-0xffffb0c180347000    8192 load_module+0x1/0x2 pages=1 vmalloc\n");
    search = AddressSearch.ofFile(file);
  }

  @Test
  void finds_an_address_in_every_form_at_any_position() throws Exception {
    assertThat(found(ByteBuffer.allocate(8).putLong(ADDRESS).array())).isTrue();
    assertThat(
            found(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(ADDRESS).array()))
        .isTrue();
    assertThat(found("at 0xffffb0c180345000!".getBytes(StandardCharsets.US_ASCII))).isTrue();
    assertThat(found("FFFFB0C180347000".getBytes(StandardCharsets.US_ASCII))).isTrue();
    assertThat(found(avro(ADDRESS))).isTrue();
  }

  @Test
  void takes_no_other_number_for_one() throws Exception {
    assertThat(found(ByteBuffer.allocate(8).putLong(ADDRESS + 1).array())).isFalse();
    assertThat(found("ffffb0c180346000".getBytes(StandardCharsets.US_ASCII))).isFalse();
    assertThat(found(avro(ADDRESS + 4096))).isFalse();
    assertThat(found(new byte[64])).isFalse();
  }

  @Test
  void a_file_without_addresses_has_none_to_look_for() throws Exception {
    Path file = directory.resolve("zeroed");
    Files.writeString(
        file,
        "0x0000000000000000-0x0000000000000000    8192 load_module+0x1/0x2 pages=1 vmalloc\n");

    assertThat(AddressSearch.ofFile(file).isEmpty()).isTrue();
  }

  private boolean found(byte[] form) {
    byte[] amid = ByteBuffer.allocate(form.length + 6).put(new byte[] {1, 2, 3}).put(form).array();
    return search.findIn(amid).isPresent();
  }

  private static byte[] avro(long value) throws Exception {
    var bytes = new ByteArrayOutputStream();
    var encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    encoder.writeLong(value);
    encoder.flush();
    return bytes.toByteArray();
  }
}
