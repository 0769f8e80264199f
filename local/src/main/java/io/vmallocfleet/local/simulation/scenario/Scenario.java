/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.scenario;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
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
public record Scenario(
    @JsonProperty(required = true) String about,
    @JsonProperty(required = true) Integer hosts,
    @JsonProperty(required = true) String duration,
    @JsonProperty(required = true) List<Event> events) {
  private static final ObjectMapper YAML =
      YAMLMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  public Scenario {
    events = events == null ? List.of() : List.copyOf(events);
  }

  /** Names of the bundled scenarios, in the order in which a person may try them. */
  public static List<String> names() {
    return resource("index.txt").lines().filter(l -> !l.isBlank()).toList();
  }

  /**
   * A bundled scenario by name, or one of a file.
   *
   * @throws IOException if there is none or it is not understood; says where and why
   */
  public static Scenario find(String nameOrFile) throws IOException {
    if (names().contains(nameOrFile)) {
      return parse(nameOrFile, resource(nameOrFile + ".yaml"));
    }
    Path file = Path.of(nameOrFile);
    if (!Files.isReadable(file)) {
      throw new IOException(
          "%s is neither a file nor a bundled scenario: there are %s"
              .formatted(nameOrFile, String.join(", ", names())));
    }
    return parse(nameOrFile, Files.readString(file));
  }

  static Scenario parse(String name, String yaml) throws IOException {
    try {
      return YAML.readValue(yaml, Scenario.class);
    } catch (JsonMappingException e) {
      throw new IOException("%s%s: %s".formatted(name, place(e), why(e)), e);
    } catch (JsonProcessingException e) {
      throw new IOException(
          "%s line %d is not YAML: %s"
              .formatted(
                  name,
                  e.getLocation().getLineNr(),
                  e.getOriginalMessage().lines().findFirst().orElse("")),
          e);
    }
  }

  private static String why(JsonMappingException e) {
    Throwable cause = e.getCause();
    while (cause instanceof JsonProcessingException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause == null || cause instanceof JsonProcessingException
        ? e.getOriginalMessage()
        : cause.getMessage();
  }

  private static String place(JsonMappingException e) {
    var place = new StringBuilder();
    if (e.getLocation() != null) {
      place.append(" line ").append(e.getLocation().getLineNr());
    }
    if (!e.getPath().isEmpty()) {
      place.append(" at ");
      for (JsonMappingException.Reference step : e.getPath()) {
        place.append(
            step.getFieldName() == null
                ? "[" + step.getIndex() + "]"
                : (place.toString().endsWith(" at ") ? "" : ".") + step.getFieldName());
      }
    }
    return place.toString();
  }

  private static String resource(String name) {
    try (InputStream in = Scenario.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " in our own jar", e);
    }
  }
}
