/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatcherTest {
  private static final Map<String, String> LABELS = Map.of("caller", "bpf_jit", "host", "web-1");

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "caller=bpf_jit ; true",
        "caller = \"bpf_jit\" ; true",
        "caller=bpf ; false",
        "caller!=bpf ; true",
        "caller=~bpf_.* ; true",
        "caller=~bpf ; false",
        "caller=~\"a|bpf_jit\" ; true",
        "caller!~bpf_.* ; false",
        "module=\"\" ; true",
        "module=~.+ ; false",
        "module!=nf ; true"
      })
  void compares_as_alertmanager_does(String matcher, boolean matches) {
    assertThat(Matcher.parse(matcher).matches(LABELS)).isEqualTo(matches);
  }

  @Test
  void reads_what_it_writes() {
    Matcher matcher = Matcher.parse("path=\"C:\\\\a \\\"b\\\"\"");

    assertThat(matcher.value()).isEqualTo("C:\\a \"b\"");
    assertThat(Matcher.parse(matcher.toString()).value()).isEqualTo(matcher.value());
  }

  @Test
  void tells_what_is_wrong() {
    assertThatThrownBy(() -> Matcher.parse("caller"))
        .hasMessage(
            "\"caller\" is no matcher: expected label=value, label!=value, label=~expression or"
                + " label!~expression");
    assertThatThrownBy(() -> Matcher.parse("caller=~(a"))
        .hasMessageStartingWith("caller=~\"(a\" is no expression of RE2: missing closing )");
  }
}
