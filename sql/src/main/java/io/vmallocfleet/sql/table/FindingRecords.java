/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.table;

import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.SingleObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import javax.annotation.Nullable;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.metrics.Counter;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows of a rule to records of {@code vmalloc.findings}. A row that makes no finding is left out,
 * counted in {@code rejectedFindings} and told in the log: the rule goes on for the others.
 */
final class FindingRecords implements KafkaRecordSerializationSchema<RowData> {
  private static final Logger LOG = LoggerFactory.getLogger(FindingRecords.class);

  private final RowType type;
  private transient RuleFinding findings;
  private transient GenericDatumWriter<GenericRecord> writer;
  private transient Counter rejected;

  FindingRecords(RowType type) {
    this.type = type;
  }

  @Override
  public void open(
      SerializationSchema.InitializationContext context, KafkaSinkContext sinkContext) {
    // Avro makes our enums of the schema's defaults only when it trusts them.
    SingleObject.trustOwnClasses();
    findings = new RuleFinding(type);
    writer = new GenericDatumWriter<>(Finding.getClassSchema());
    rejected = context.getMetricGroup().counter("rejectedFindings");
  }

  @Nullable
  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      RowData row, KafkaSinkContext context, Long timestamp) {
    try {
      GenericRecord finding = findings.of(row);
      return new ProducerRecord<>(
          FleetTopic.FINDINGS.topicName(),
          null,
          timestamp,
          finding.get("fingerprint").toString().getBytes(StandardCharsets.UTF_8),
          encode(finding));
    } catch (IllegalArgumentException e) {
      rejected.inc();
      LOG.warn("a rule made no finding of a row: {}", e.getMessage());
      return null;
    }
  }

  private byte[] encode(GenericRecord finding) {
    var out = new ByteArrayOutputStream(512);
    out.writeBytes(SingleObject.header(Finding.getClassSchema()));
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    try {
      writer.write(finding, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return out.toByteArray();
  }
}
