/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What is to happen to a fleet, as a YAML file says it; {@code scenario.schema.json} is its schema.
 *
 * @param about one sentence
 * @param hosts size of the fleet unless the command line says otherwise
 * @param duration the same for the simulated time, such as 7d
 */
public record Scenario(String about, int hosts, String duration, List<Event> events) {
  public Scenario {
    events = List.copyOf(events);
  }

  /** Names of the bundled scenarios, in the order in which a person may try them. */
  public static List<String> names() {
    return resource("index.txt").lines().filter(l -> !l.isBlank()).toList();
  }

  /**
   * A bundled scenario by name, or one of a file.
   *
   * @throws IOException if there is none or it is not understood: one line for each thing that is
   *     wrong
   */
  public static Scenario find(String nameOrFile) throws IOException {
    if (names().contains(nameOrFile)) {
      return ScenarioFile.read(nameOrFile, resource(nameOrFile + ".yaml"));
    }
    Path file = Path.of(nameOrFile);
    if (!Files.isReadable(file)) {
      throw new IOException(
          "%s is neither a file nor a bundled scenario: there are %s"
              .formatted(nameOrFile, String.join(", ", names())));
    }
    return ScenarioFile.read(nameOrFile, Files.readString(file));
  }

  private static String resource(String name) {
    try (InputStream in = Scenario.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " in our own jar", e);
    }
  }
}
