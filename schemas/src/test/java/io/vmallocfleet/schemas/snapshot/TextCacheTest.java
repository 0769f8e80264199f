/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.schemas.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextCacheTest {
  private final TextCache cache = new TextCache();

  @Test
  void gives_the_same_string_for_the_same_bytes() {
    assertThat(text("load_module")).isSameAs(text("load_module"));
  }

  @Test
  void gives_what_the_bytes_say_whoever_was_in_the_place_before() {
    var random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      String wanted = Integer.toString(random.nextInt(20_000), 36) + "ü";

      assertThat(text(wanted)).isEqualTo(wanted);
    }
  }

  @Test
  void takes_empty_and_long_texts_as_they_are() {
    assertThat(text("")).isEmpty();
    assertThat(text("x".repeat(5_000))).hasSize(5_000);
  }

  private String text(String text) {
    byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);
    return cache.text(bytes, 1, bytes.length - 2);
  }
}
