/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.web;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;

/** How answers are written: what is not known is null, as JSON has no NaN. */
final class Json {
  private Json() {}

  static ObjectMapper mapper() {
    var module = new SimpleModule();
    module.addSerializer(float[].class, new FloatsWithGaps());
    module.addSerializer(Double.class, new FiniteDouble());
    module.addSerializer(double.class, new FiniteDouble());
    return new ObjectMapper().registerModule(module);
  }

  private static final class FloatsWithGaps extends JsonSerializer<float[]> {
    @Override
    public void serialize(float[] values, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeStartArray();
      for (float value : values) {
        if (Float.isNaN(value) || Float.isInfinite(value)) {
          json.writeNull();
        } else if (value == Math.rint(value) && Math.abs(value) < 1e15) {
          json.writeNumber((long) value);
        } else {
          json.writeNumber(value);
        }
      }
      json.writeEndArray();
    }
  }

  private static final class FiniteDouble extends JsonSerializer<Double> {
    @Override
    public void serialize(Double value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      if (value.isNaN() || value.isInfinite()) {
        json.writeNull();
      } else {
        json.writeNumber(value);
      }
    }
  }
}
