/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** That what it reads is right is tested through the parser, against the reference parser. */
class UsualRowsTest {

  static final Object BUNDLED = Captures.BUNDLED;

  @ParameterizedTest
  @FieldSource("BUNDLED")
  void reads_all_rows_of_a_usual_host_once_their_callers_are_known(String file) {
    byte[] text = Captures.bundled(file).getBytes(StandardCharsets.ISO_8859_1);
    VmallocinfoParser parser = new VmallocinfoParser(ParserLimits.longRunning());
    AreaTable parsed = parser.parse(text, text.length);

    UsualRows rows = new UsualRows(parsed.callSites());
    AreaTable table = new AreaTable();
    table.begin(parsed.callSites());
    int from = 0;
    int others = 0;
    while (from < text.length - UsualRows.REACH) {
      int newline = rows.read(text, from, 1, table);
      others += newline == UsualRows.NONE ? 1 : 0;
      from = 1 + Words.indexOf('\n', text, newline == UsualRows.NONE ? from : newline, text.length);
    }

    assertThat(others).isZero();
    assertThat(table.rows()).isGreaterThan(700);
  }

  @Test
  void leaves_the_table_as_it_was_when_it_does_not_know_a_row() {
    String row = "0xffffb3c1c0016000-0xffffb3c1c001b000   20480 a+0x1/0x2 pages=4 vmalloc N0=4";
    byte[] known = (row + "\n").getBytes(StandardCharsets.US_ASCII);
    byte[] odd = (row + " xen\n" + "-".repeat(UsualRows.REACH)).getBytes(StandardCharsets.US_ASCII);
    VmallocinfoParser parser = new VmallocinfoParser(ParserLimits.longRunning());
    AreaTable table = parser.parse(known, known.length);

    int newline = new UsualRows(table.callSites()).read(odd, 0, 2, table);

    assertThat(newline).isEqualTo(UsualRows.NONE);
    assertThat(table.rows()).isEqualTo(1);
    assertThat(table.area(0).format(RowForm.BITS_64)).isEqualTo(row);
  }

  @Test
  void allocates_nothing_once_callers_are_known_and_the_table_has_grown() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    byte[] text = Captures.bundled(Captures.BUNDLED.get(0)).getBytes(StandardCharsets.ISO_8859_1);
    VmallocinfoParser parser = new VmallocinfoParser(ParserLimits.longRunning());
    AreaTable table = new AreaTable();
    for (int i = 0; i < 20; i++) {
      parser.parse(text, text.length, table);
      threads.getCurrentThreadAllocatedBytes();
    }

    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 20; i++) {
      parser.parse(text, text.length, table);
    }
    long after = threads.getCurrentThreadAllocatedBytes();

    assertThat(after - before).isZero();
  }
}
