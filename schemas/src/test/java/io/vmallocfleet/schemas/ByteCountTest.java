/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteCountTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 KiB",
    "1048575, 1.0 MiB",
    "14799831, 14.1 MiB",
    "-4096, -4.0 KiB",
    "35184372088832, 32.0 TiB",
    "9223372036854775807, 8.0 EiB"
  })
  void prints_for_people(long bytes, String text) {
    assertThat(new ByteCount(bytes)).hasToString(text);
  }
}
