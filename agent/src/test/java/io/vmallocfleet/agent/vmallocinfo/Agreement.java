/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The parser and the reference parser say the same of a file, line by line and field by field, and
 * once more when the parser knows all callers, which opens the short way of {@link UsualRows}.
 */
final class Agreement {

  private Agreement() {}

  static void check(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    VmallocinfoParser parser = new VmallocinfoParser(ParserLimits.unlimited());
    ReferenceParser.Outcome expected = ReferenceParser.parse(text);

    check(text, expected, parser.parse(bytes, bytes.length));
    check(text, expected, parser.parse(bytes, bytes.length));
  }

  private static void check(String text, ReferenceParser.Outcome expected, AreaTable table) {
    SortedMap<Integer, VmallocArea> areas = new TreeMap<>();
    for (int row = 0; row < table.rows(); row++) {
      areas.put(table.lineNumber(row), table.area(row));
    }
    Set<Integer> malformed = new TreeSet<>();
    table.malformedLines().forEach(line -> malformed.add(line.lineNumber()));

    assertThat(areas).as("areas of%n%s", text).isEqualTo(expected.areas());
    assertThat(malformed).as("malformed lines of%n%s", text).isEqualTo(expected.malformed());
    assertThat(table.malformed()).isEqualTo(expected.malformed().size());
    assertThat(table.duplicates()).isEqualTo(expected.repeated().size());
    assertThat(table.mode()).as("mode of%n%s", text).isEqualTo(expected.mode());
    assertThat(table.lines()).isEqualTo(table.rows() + table.malformed() + table.duplicates());
  }
}
