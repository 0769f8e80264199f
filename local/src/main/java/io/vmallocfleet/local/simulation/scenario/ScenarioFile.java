/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.scenario;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.jsontype.TypeIdResolver;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vmallocfleet.settings.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.annotation.Nullable;

/**
 * A scenario as text, read to its end whatever is wrong with it: who wrote it gets to know all that
 * is to be mended, with its line. Of the fields one event lacks, only the first is told.
 */
final class ScenarioFile {
  private static final Set<String> FIELDS = Set.of("about", "hosts", "duration", "events");

  private static final List<String> TYPES =
      Arrays.stream(Event.class.getAnnotation(JsonSubTypes.class).value())
          .map(JsonSubTypes.Type::name)
          .toList();

  private final YAMLMapper mapper =
      YAMLMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .addHandler(new GoOn())
          .build();

  private final String name;
  private final Map<String, Integer> lines = new HashMap<>();
  private final List<String> problems = new ArrayList<>();

  /** Of the event that is being read. */
  private String eventPath = "";

  private ScenarioFile(String name) {
    this.name = name;
  }

  /**
   * @param name of the file, for errors
   * @throws IOException if it is not understood: one line for each thing that is wrong
   */
  static Scenario read(String name, String yaml) throws IOException {
    return new ScenarioFile(name).scenario(yaml);
  }

  private Scenario scenario(String yaml) throws IOException {
    JsonNode root;
    try {
      root = mapper.readTree(yaml);
      findLines(yaml);
    } catch (JsonProcessingException e) {
      throw new IOException(
          "%s line %d is not YAML: %s"
              .formatted(
                  name,
                  e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                  e.getOriginalMessage().lines().findFirst().orElse("")),
          e);
    }
    var scenario =
        new Scenario(
            root.path("about").asText(),
            root.path("hosts").asInt(),
            root.path("duration").asText(),
            events(root.path("events")));
    checkFields(root);
    if (!problems.isEmpty()) {
      throw new IOException(String.join("\n", problems));
    }
    return scenario;
  }

  private void checkFields(JsonNode root) {
    if (!root.isObject()) {
      problem("", "expected about, hosts, duration and events");
      return;
    }
    root.fieldNames()
        .forEachRemaining(
            field -> {
              if (!FIELDS.contains(field)) {
                problem("/" + field, "expected one of " + FIELDS.stream().sorted().toList());
              }
            });
    if (!root.path("about").isTextual()) {
      problem("/about", "expected one sentence");
    }
    if (!root.path("hosts").isInt() || root.path("hosts").asInt() < 1) {
      problem("/hosts", "expected how many, from 1");
    }
    try {
      Settings.parseDuration(root.path("duration").asText());
    } catch (IllegalArgumentException e) {
      problem("/duration", "expected a duration such as 7d");
    }
    if (!root.path("events").isArray()) {
      problem("/events", "expected a list; [] if nothing happens");
    }
  }

  private List<Event> events(JsonNode nodes) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      eventPath = "/events/" + i;
      int before = problems.size();
      try {
        Event event = mapper.treeToValue(nodes.get(i), Event.class);
        if (event != null) {
          events.add(event);
        }
      } catch (JsonMappingException e) {
        // What cannot be gone on from because of what was told already need not be told.
        if (problems.size() == before) {
          problem(eventPath + pointer(e), e.getOriginalMessage());
        }
      } catch (JsonProcessingException e) {
        problem(eventPath, e.getOriginalMessage());
      }
    }
    return events;
  }

  private static String pointer(JsonMappingException e) {
    var pointer = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      pointer
          .append('/')
          .append(step.getFieldName() == null ? step.getIndex() : step.getFieldName());
    }
    return pointer.toString();
  }

  /** Where each value begins; a tree does not know it any more. */
  private void findLines(String yaml) throws IOException {
    try (JsonParser parser = mapper.createParser(yaml)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        lines.putIfAbsent(
            parser.getParsingContext().pathAsPointer().toString(),
            parser.currentTokenLocation().getLineNr());
      }
    }
  }

  private void problem(String pointer, String why) {
    String told = pointer;
    while (!lines.containsKey(told) && !told.isEmpty()) {
      told = told.substring(0, told.lastIndexOf('/')); // what is missing has no line
    }
    String path = pointer.replaceAll("/(\\d+)", "[$1]").replace('/', '.').replaceFirst("^\\.", "");
    problems.add(
        "%s line %d%s: %s"
            .formatted(
                name, lines.getOrDefault(told, 1), path.isEmpty() ? "" : " at " + path, why));
  }

  /** Notes what is wrong with a value and goes on without it. */
  private final class GoOn extends DeserializationProblemHandler {
    @Override
    public boolean handleUnknownProperty(
        DeserializationContext context,
        JsonParser parser,
        JsonDeserializer<?> deserializer,
        Object beanOrClass,
        String property)
        throws IOException {
      problem(
          at(parser),
          "expected one of "
              + deserializer.getKnownPropertyNames().stream()
                  .map(Object::toString)
                  .sorted()
                  .toList());
      parser.skipChildren();
      return true;
    }

    @Override
    public @Nullable Object handleInstantiationProblem(
        DeserializationContext context, Class<?> type, Object argument, Throwable thrown) {
      Throwable why = thrown;
      while (why.getCause() != null && why instanceof JsonProcessingException) {
        why = why.getCause();
      }
      problem(at(context.getParser()), why.getMessage());
      return null;
    }

    @Override
    public JavaType handleUnknownTypeId(
        DeserializationContext context,
        JavaType baseType,
        String id,
        TypeIdResolver resolver,
        String why) {
      problem(
          eventPath + "/type",
          "\"%s\": expected one of %s".formatted(id, TYPES.stream().sorted().toList()));
      return context.constructType(Void.class); // no event
    }

    private String at(JsonParser parser) {
      return eventPath + parser.getParsingContext().pathAsPointer();
    }
  }
}
