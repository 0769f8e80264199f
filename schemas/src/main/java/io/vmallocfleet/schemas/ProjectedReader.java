/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.schemas;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/**
 * Reads only some fields of single-object records, whichever release wrote them: what is not asked
 * for is skipped, not built, and a field the writer did not have gets its default. Timestamps stay
 * numbers.
 *
 * <p>Every call uses a fresh decoder, as in {@link SingleObject}. Not thread safe.
 */
public final class ProjectedReader {
  private final Schema projection;
  private final WriterSchemas writers;
  private final Map<Schema, GenericDatumReader<GenericRecord>> readers = new HashMap<>();

  /**
   * @param current schema of a topic's values
   * @param fields names of its fields to read; names it does not have are refused
   */
  public ProjectedReader(Schema current, Set<String> fields) {
    this.projection = projection(current, fields);
    this.writers = WriterSchemas.of(current);
  }

  /**
   * The schema of what {@link #read} returns: the fields asked for, in the order of the topic's.
   */
  public Schema schema() {
    return projection;
  }

  /**
   * @throws UnreadableRecordException if the bytes are not a whole record of a known schema
   */
  public GenericRecord read(byte[] bytes) throws UnreadableRecordException {
    Schema writer = writers.writerOf(bytes);
    BinaryDecoder decoder =
        DecoderFactory.get()
            .binaryDecoder(
                bytes, SingleObject.HEADER_BYTES, bytes.length - SingleObject.HEADER_BYTES, null);
    GenericRecord record;
    boolean atEnd;
    try {
      record =
          readers
              .computeIfAbsent(
                  writer, w -> new GenericDatumReader<>(w, projection, new GenericData()))
              .read(null, decoder);
      atEnd = decoder.isEnd();
    } catch (IOException | RuntimeException e) {
      readers.remove(writer);
      throw new UnreadableRecordException(
          DeadLetterReason.UNDECODABLE,
          "%s of %d bytes is cut short or corrupt: %s"
              .formatted(projection.getName(), bytes.length, e),
          e);
    }
    if (!atEnd) {
      throw new UnreadableRecordException(
          DeadLetterReason.UNDECODABLE,
          "%s of %d bytes has bytes left over after its last field"
              .formatted(projection.getName(), bytes.length));
    }
    return record;
  }

  private static Schema projection(Schema current, Set<String> fields) {
    List<Schema.Field> kept = new ArrayList<>();
    for (Schema.Field field : current.getFields()) {
      if (fields.contains(field.name())) {
        kept.add(new Schema.Field(field, field.schema()));
      }
    }
    if (kept.size() != fields.size()) {
      throw new IllegalArgumentException(
          "%s has no such fields among %s".formatted(current.getName(), fields));
    }
    return Schema.createRecord(
        current.getName(), current.getDoc(), current.getNamespace(), false, kept);
  }
}
