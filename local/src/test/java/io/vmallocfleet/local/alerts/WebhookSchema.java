/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The part of JSON Schema that docs/alert-webhook.schema.json is written in. */
final class WebhookSchema {
  private static final Path FILE = Path.of("..", "docs", "alert-webhook.schema.json");

  private WebhookSchema() {}

  static void describes(JsonNode body) {
    try {
      check("$", new ObjectMapper().readTree(FILE.toFile()), body);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void check(String where, JsonNode schema, JsonNode value) {
    JsonNode type = schema.path("type");
    if (type.isArray()) {
      assertThat(type.valueStream().map(JsonNode::asText)).as(where).contains(typeOf(value));
    } else {
      assertThat(typeOf(value)).as(where).isEqualTo(type.asText());
    }
    if (schema.has("enum")) {
      assertThat(schema.path("enum").valueStream().map(JsonNode::asText))
          .as(where)
          .contains(value.asText());
    }
    schema
        .path("required")
        .forEach(name -> assertThat(value.has(name.asText())).as(where + "." + name).isTrue());
    if (value.isObject()) {
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        JsonNode known = schema.path("properties").path(field.getKey());
        JsonNode any = schema.path("additionalProperties");
        assertThat(!known.isMissingNode() || any.isObject())
            .as(where + "." + field.getKey())
            .isTrue();
        check(where + "." + field.getKey(), known.isMissingNode() ? any : known, field.getValue());
      }
    }
    if (value.isArray()) {
      value.forEach(element -> check(where + "[]", schema.path("items"), element));
    }
  }

  private static String typeOf(JsonNode value) {
    if (value.isIntegralNumber()) {
      return "integer";
    }
    return switch (value.getNodeType()) {
      case STRING -> "string";
      case BOOLEAN -> "boolean";
      case OBJECT -> "object";
      case ARRAY -> "array";
      case NULL -> "null";
      default -> value.getNodeType().name();
    };
  }
}
