/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.rules;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A YAML text as maps, lists and texts, each with the line and the path it stands at. */
final class RuleDocument {
  private static final YAMLFactory YAML =
      YAMLFactory.builder().configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, true).build();

  private RuleDocument() {}

  /** A value; exactly one of the three is not null. */
  record Value(
      Map<String, Value> fields, List<Value> elements, String text, int line, String path) {

    boolean isMap() {
      return fields != null;
    }

    boolean isList() {
      return elements != null;
    }

    /** A sentence about the value with its place, such as {@code line 3, overrides[0]: …}. */
    String wrong(String what) {
      return "line %d%s: %s".formatted(line, path.isEmpty() ? "" : ", " + path, what);
    }
  }

  /**
   * The document; an empty one is an empty map.
   *
   * @throws IllegalArgumentException with the line, when it is no YAML or a key comes twice
   */
  static Value parse(String yaml) {
    try (JsonParser parser = YAML.createParser(yaml)) {
      JsonToken first = parser.nextToken();
      return first == null || first == JsonToken.VALUE_NULL
          ? new Value(Map.of(), null, null, 1, "")
          : value(parser, "");
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      String why = e.getOriginalMessage().lines().findFirst().orElse("").strip();
      throw new IllegalArgumentException("line %d: not YAML: %s".formatted(line, why), e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading a text in memory", e);
    }
  }

  private static Value value(JsonParser parser, String path) throws IOException {
    int line = parser.currentTokenLocation().getLineNr();
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      var fields = new LinkedHashMap<String, Value>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        fields.put(name, value(parser, path.isEmpty() ? name : path + "." + name));
      }
      return new Value(fields, null, null, line, path);
    }
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      var elements = new ArrayList<Value>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        elements.add(value(parser, "%s[%d]".formatted(path, elements.size())));
      }
      return new Value(null, elements, null, line, path);
    }
    String text = parser.currentToken() == JsonToken.VALUE_NULL ? "" : parser.getText();
    return new Value(null, null, text, line, path);
  }
}
