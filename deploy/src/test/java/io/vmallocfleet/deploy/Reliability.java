/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.deploy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The published results: {@code docs/reliability.json}, and the table of {@code
 * docs/reliability.md} made from it.
 */
final class Reliability {
  private static final String BEGIN = "<!-- results: written by deploy/faults/run -->\n";
  private static final String END = "<!-- end of results -->\n";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Path json;
  private final Path page;

  Reliability(Path docs) {
    json = docs.resolve("reliability.json");
    page = docs.resolve("reliability.md");
  }

  /** Puts a result in the place of the last one of its fault. */
  void publish(Outcome outcome) throws IOException {
    Map<String, Outcome> all = read();
    all.put(outcome.fault(), outcome);
    Files.writeString(json, JSON.writeValueAsString(all.values()) + "\n");
    String text = Files.readString(page);
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    Files.writeString(
        page, text.substring(0, begin) + table(all) + text.substring(text.indexOf(END)));
  }

  private Map<String, Outcome> read() throws IOException {
    Map<String, Outcome> all = new LinkedHashMap<>();
    if (Files.exists(json)) {
      for (Outcome outcome : JSON.readValue(json.toFile(), new TypeReference<List<Outcome>>() {})) {
        all.put(outcome.fault(), outcome);
      }
    }
    return all;
  }

  static String table(Map<String, Outcome> outcomes) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "",
                "| fault | load | sent | lost | told | late | doubled | alert | new one | pages again | recovery s | |",
                "|---|---|--:|--:|--:|--:|--:|---|---|--:|--:|---|"));
    Stream.concat(Fault.all().stream(), Fault.ofThreeBrokers().stream())
        .map(fault -> row(fault, outcomes.get(fault.name())))
        .forEach(lines::add);
    lines.add("");
    return String.join("\n", lines) + "\n";
  }

  private static String row(Fault fault, Outcome o) {
    if (o == null) {
      return "| %s | | | | | | | | | | | not run |".formatted(fault.what());
    }
    return String.format(
        Locale.ROOT,
        "| %s | %d hosts, %d s | %d | %d | %d | %d | %d | %s | %s | %d | %.0f | %s |",
        o.what(),
        o.hosts(),
        o.everySeconds(),
        o.sent(),
        o.lost(),
        o.told(),
        o.late(),
        o.doubled(),
        o.alertStands() ? "stands" : "**gone**",
        o.beginningTold() == null ? "" : o.beginningTold() ? "told" : "**not told**",
        o.pages(),
        o.recoverySeconds(),
        o.problem().isEmpty() ? o.isGood() ? "good" : "**not good**" : o.problem());
  }
}
