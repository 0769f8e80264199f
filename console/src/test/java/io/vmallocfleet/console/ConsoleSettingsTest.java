/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vmallocfleet.console.feed.KafkaConnection;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleSettingsTest {
  private static final String TOKEN = "0123456789abcdef0123";

  private static ConsoleSettings settings(String bind, String token, String proxy) {
    return new ConsoleSettings(
        new KafkaConnection("127.0.0.1:9092", Map.of("sasl.jaas.config", "a secret")),
        bind,
        0,
        Optional.ofNullable(token),
        Optional.ofNullable(proxy),
        Optional.empty(),
        Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.7"})
  void is_not_open_to_the_network_without_a_word_or_a_proxy(String bind) {
    assertThatThrownBy(() -> settings(bind, null, null))
        .hasMessage(
            "bind is %s, which others reach: give --token-file FILE, or --trusted-proxy ADDRESS of a proxy that signs people in, or bind to 127.0.0.1"
                .formatted(bind));
    assertThatCode(() -> settings(bind, TOKEN, null)).doesNotThrowAnyException();
    assertThatCode(() -> settings(bind, null, "192.0.2.1")).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1", "localhost", "127.0.0.9"})
  void needs_none_on_loopback(String bind) {
    assertThat(settings(bind, null, null).loopback()).isTrue();
  }

  @Test
  void refuses_a_token_that_can_be_guessed() {
    assertThatThrownBy(() -> settings("0.0.0.0", "secret", null))
        .hasMessageStartingWith("the token has 6 characters: expected 16 or more");
  }

  @Test
  void shows_neither_token_nor_kafka_properties() {
    assertThat(settings("127.0.0.1", TOKEN, null).toString())
        .contains("token=set")
        .doesNotContain(TOKEN, "a secret");
  }
}
