/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.callers;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tab-separated text: {@code #} comments and empty lines, a header, then lines of as many fields,
 * none of them empty. Errors name the line.
 */
final class TsvTable {
  private final String name;
  private final List<String> header;
  private final List<Line> lines = new ArrayList<>();

  /** One line, which can say where it stands when something is wrong with it. */
  final class Line {
    private final int number;
    private final List<String> fields;

    private Line(int number, List<String> fields) {
      this.number = number;
      this.fields = fields;
    }

    /** The field of that column. */
    String field(String column) {
      return fields.get(header.indexOf(column));
    }

    IllegalArgumentException wrong(String why) {
      return error(number, why);
    }
  }

  private TsvTable(String name, List<String> header) {
    this.name = name;
    this.header = header;
  }

  /**
   * @param name of the file, for errors
   * @throws IllegalArgumentException if the text is not such a table
   */
  static TsvTable parse(String name, String text, String... columns) {
    var table = new TsvTable(name, List.of(columns));
    boolean headerSeen = false;
    int number = 0;
    for (String line : text.split("\r?\n", -1)) {
      number++;
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      List<String> fields = List.of(line.split("\t", -1));
      if (headerSeen) {
        table.add(number, fields);
      } else if (fields.equals(table.header)) {
        headerSeen = true;
      } else {
        throw table.error(number, "expected the header " + String.join("<tab>", columns));
      }
    }
    return table;
  }

  void forEach(Consumer<Line> consumer) {
    lines.forEach(consumer);
  }

  private void add(int number, List<String> fields) {
    if (fields.size() != header.size()) {
      throw error(
          number,
          "%d fields: expected %d, separated by one tab: %s"
              .formatted(fields.size(), header.size(), String.join(", ", header)));
    }
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).isEmpty() || !fields.get(i).equals(fields.get(i).strip())) {
        throw error(
            number,
            "%s is \"%s\": expected text without blanks around it"
                .formatted(header.get(i), fields.get(i)));
      }
    }
    lines.add(new Line(number, fields));
  }

  private IllegalArgumentException error(int number, String why) {
    return new IllegalArgumentException(name + " line " + number + ": " + why);
  }
}
