/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallerTest {

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      emptyValue = "",
      value = {
        "_do_fork+0x71/0x3b0,                        _do_fork,       '',                 '',       113,  944",
        "qp_alloc.constprop.0+0x44/0x110 [vmw_vmci], qp_alloc,       .constprop.0,       vmw_vmci, 68,   272",
        "f.isra.0.part.12.cold+0x0/0x1,              f,              .isra.0.part.12.cold, '',     0,    1",
        "f.llvm.8261938640192+0x1/0x2,               f,              .llvm.8261938640192, '',      1,    2",
        ".alloc_large_system_hash+0x1/0x2,           alloc_large_system_hash, '',        '',       1,    2",
        "_RNvCs5_4core3fmt$x+0x1/0x2,                _RNvCs5_4core3fmt$x, '',            '',       1,    2",
        "f.cold.3.x+0x1/0x2,                         f.cold.3.x,     '',                 '',       1,    2",
        "ioremap_prot,                               ioremap_prot,   '',                 '',       -1,   -1",
        "open [nfs(O) 0123abcd],                     open,           '',                 nfs,      -1,   -1"
      })
  void splits_a_printed_caller(
      String text, String function, String suffix, String module, long offset, long size) {
    assertThat(Caller.parse(text))
        .contains(new Caller(function, suffix, module, offset, size, text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "+0x1/0x2",
        "f+0x1",
        "f+0x1/2",
        "f+1/2",
        "f+0xA/0xB",
        "<start_kernel+372>",
        "...",
        "f+0x1/0x2 []",
        "f+0x1/0x2 [m",
        "f+0x1/0x2  [m]",
        "0x",
        "0xg",
        "0x12345678901234567",
        "0xbf08e26c [m]",
        "0xbf08e26c+0x1/0x2",
        "f\t+0x1/0x2",
        "f+0x1/0x1234567890123456",
        "a=b"
      })
  void takes_no_look_alike_for_a_caller(String text) {
    assertThat(Caller.parse(text)).isEmpty();
  }

  @Test
  void hides_a_raw_address_when_redacted_and_nothing_else() {
    Caller raw = Caller.parse("0xffffffffc088c0d3").orElseThrow();
    Caller named = Caller.parse("f+0x1/0x2").orElseThrow();

    assertThat(raw.text()).isEqualTo("0xffffffffc088c0d3");
    assertThat(raw.redacted()).isEqualTo(Caller.UNRESOLVED);
    assertThat(raw.redacted().toString()).doesNotContain("c088c0d3");
    assertThat(named.redacted()).isSameAs(named);
  }
}
