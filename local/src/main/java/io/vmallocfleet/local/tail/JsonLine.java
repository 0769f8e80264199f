/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.tail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;

/**
 * A Kafka record as one line of JSON: where it stood, then the fields of its value.
 *
 * <pre>{@code
 * {"_partition":0,"_offset":17,"_timestamp":"2026-11-23T12:00:21.003Z","_key":"4f1c...","host_id":"4f1c...",...}
 * {"_partition":0,"_offset":18,"_timestamp":"2026-11-23T12:00:21.004Z","_key":null,"_error":"9 bytes do ...","_bytes":"Z2FyYmFnZQ=="}
 * }</pre>
 *
 * Plain JSON and not Avro's: a union is its value, a timestamp ISO-8601, bytes are base64, an enum
 * is its name. Only ASCII is written, so that no locale can spoil it.
 */
public final class JsonLine {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private interface Fields {
    void writeTo(JsonGenerator json) throws IOException;
  }

  private JsonLine() {}

  static String of(ConsumerRecord<byte[], byte[]> record, IndexedRecord value) {
    return line(
        json -> {
          writePlace(json, record);
          writeFields(json, value);
        });
  }

  /** For a record that could not be decoded; its bytes are null if it had no value. */
  static String unreadable(ConsumerRecord<byte[], byte[]> record, String error) {
    return line(
        json -> {
          writePlace(json, record);
          json.writeStringField("_error", error);
          json.writeFieldName("_bytes");
          write(json, record.value() == null ? null : ByteBuffer.wrap(record.value()));
        });
  }

  /** A value of Avro's as JSON. */
  public static String of(IndexedRecord value) {
    return line(json -> writeFields(json, value));
  }

  private static String line(Fields fields) {
    var out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      fields.writeTo(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return out.toString();
  }

  private static void writePlace(JsonGenerator json, ConsumerRecord<byte[], byte[]> record)
      throws IOException {
    json.writeNumberField("_partition", record.partition());
    json.writeNumberField("_offset", record.offset());
    json.writeFieldName("_timestamp");
    write(
        json,
        record.timestampType() == TimestampType.NO_TIMESTAMP_TYPE
            ? null
            : Instant.ofEpochMilli(record.timestamp()));
    json.writeFieldName("_key");
    write(json, record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8));
  }

  private static void writeFields(JsonGenerator json, IndexedRecord record) throws IOException {
    for (Schema.Field field : record.getSchema().getFields()) {
      json.writeFieldName(field.name());
      write(json, record.get(field.pos()));
    }
  }

  /** By the value's own type: so a union needs no look at its schema. */
  private static void write(JsonGenerator json, Object value) throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof IndexedRecord record) {
      json.writeStartObject();
      writeFields(json, record);
      json.writeEndObject();
    } else if (value instanceof Collection<?> elements) {
      json.writeStartArray();
      for (Object element : elements) {
        write(json, element);
      }
      json.writeEndArray();
    } else if (value instanceof Map<?, ?> entries) {
      json.writeStartObject();
      for (Map.Entry<?, ?> entry : entries.entrySet()) {
        json.writeFieldName(entry.getKey().toString());
        write(json, entry.getValue());
      }
      json.writeEndObject();
    } else if (value instanceof ByteBuffer bytes) {
      json.writeString(
          StandardCharsets.US_ASCII
              .decode(Base64.getEncoder().encode(bytes.duplicate()))
              .toString());
    } else if (value instanceof GenericFixed fixed) {
      json.writeString(Base64.getEncoder().encodeToString(fixed.bytes()));
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else if (value instanceof Integer number) {
      json.writeNumber(number);
    } else if (value instanceof Long number) {
      json.writeNumber(number);
    } else if (value instanceof Float number) {
      json.writeNumber(number);
    } else if (value instanceof Double number) {
      json.writeNumber(number);
    } else {
      // Texts, enums, and times, whose own text is ISO-8601.
      json.writeString(value.toString());
    }
  }
}
