/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.DeadLetterReason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class JsonLineTest {
  private static final Schema INNER =
      SchemaBuilder.record("Inner").fields().requiredString("name").endRecord();
  private static final Schema COLOUR = SchemaBuilder.enumeration("Colour").symbols("RED", "BLUE");
  private static final Schema HASH = SchemaBuilder.fixed("Hash").size(2);

  @Test
  void every_type_of_avro_is_plain_json() {
    Schema schema =
        SchemaBuilder.record("Everything")
            .fields()
            .requiredBoolean("truth")
            .requiredInt("small")
            .requiredLong("large")
            .requiredFloat("coarse")
            .requiredDouble("fine")
            .requiredString("text")
            .requiredBytes("bytes")
            .optionalString("absent")
            .optionalLong("present")
            .name("colour")
            .type(COLOUR)
            .noDefault()
            .name("hash")
            .type(HASH)
            .noDefault()
            .name("inner")
            .type(INNER)
            .noDefault()
            .name("list")
            .type(Schema.createArray(INNER))
            .noDefault()
            .name("map")
            .type(Schema.createMap(Schema.create(Schema.Type.INT)))
            .noDefault()
            .endRecord();
    var inner = new GenericData.Record(INNER);
    inner.put("name", "n");
    var record = new GenericData.Record(schema);
    record.put("truth", true);
    record.put("small", -1);
    record.put("large", Long.MAX_VALUE);
    record.put("coarse", 0.5f);
    record.put("fine", 0.1);
    record.put("text", "quo\"te");
    record.put("bytes", ByteBuffer.wrap(new byte[] {(byte) 0xC3, 1}));
    record.put("present", 7L);
    record.put("colour", new GenericData.EnumSymbol(COLOUR, "BLUE"));
    record.put("hash", new GenericData.Fixed(HASH, new byte[] {1, 2}));
    record.put("inner", inner);
    record.put("list", List.of(inner, inner));
    record.put("map", Map.of("k", 3));

    assertThat(JsonLine.of(record))
        .isEqualTo(
            """
            {"truth":true,"small":-1,"large":9223372036854775807,"coarse":0.5,"fine":0.1,\
            "text":"quo\\"te","bytes":"wwE=","absent":null,"present":7,"colour":"BLUE",\
            "hash":"AQI=","inner":{"name":"n"},"list":[{"name":"n"},{"name":"n"}],"map":{"k":3}}""");
  }

  @Test
  void a_record_of_ours_stands_behind_its_place_in_kafka() {
    var letter =
        new DeadLetter(
            "vmalloc.snapshots",
            0,
            17L,
            Instant.parse("2026-11-23T12:00:00.250Z"),
            DeadLetterReason.LATE,
            "window closed",
            null);

    assertThat(JsonLine.of(record("höst", new byte[] {1}), letter))
        .isEqualTo(
            """
            {"_partition":2,"_offset":5,"_timestamp":"2026-11-23T12:00:21.003Z","_key":"h\\u00F6st",\
            "topic":"vmalloc.snapshots","partition":0,"offset":17,\
            "appended_at":"2026-11-23T12:00:00.250Z","reason":"LATE","detail":"window closed",\
            "payload":null}""");
  }

  @Test
  void bytes_are_written_again_and_again_alike() {
    var letter =
        new DeadLetter(
            "t",
            0,
            1L,
            Instant.EPOCH,
            DeadLetterReason.UNDECODABLE,
            "",
            ByteBuffer.wrap("junk".getBytes(StandardCharsets.US_ASCII)));

    JsonLine.of(letter);

    assertThat(JsonLine.of(letter)).endsWith("\"payload\":\"anVuaw==\"}");
  }

  @Test
  void an_unreadable_record_keeps_its_bytes_and_says_why() {
    assertThat(JsonLine.unreadable(record(null, new byte[] {1, 2}), "too short"))
        .isEqualTo(
            """
            {"_partition":2,"_offset":5,"_timestamp":"2026-11-23T12:00:21.003Z","_key":null,\
            "_error":"too short","_bytes":"AQI="}""");
    assertThat(JsonLine.unreadable(record("k", null), "no value")).endsWith("\"_bytes\":null}");
  }

  private static ConsumerRecord<byte[], byte[]> record(String key, byte[] value) {
    return new ConsumerRecord<>(
        "vmalloc.dead-letters",
        2,
        5,
        Instant.parse("2026-11-23T12:00:21.003Z").toEpochMilli(),
        TimestampType.CREATE_TIME,
        0,
        0,
        key == null ? null : key.getBytes(StandardCharsets.UTF_8),
        value,
        new RecordHeaders(),
        Optional.empty());
  }
}
