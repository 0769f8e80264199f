/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.schemas;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Avro single-object encoding of one record type: bytes C3 01, the writer schema's CRC-64-AVRO
 * fingerprint in little endian, the record in binary (Avro 1.12 specification, "Single-object
 * encoding").
 *
 * <p>Every call uses a fresh decoder, so a corrupt record cannot spoil the next one. Not thread
 * safe.
 */
public final class SingleObject<T extends SpecificRecord> {
  /** Marker and fingerprint, bytes. */
  public static final int HEADER_BYTES = 10;

  static {
    trustOwnClasses();
  }

  private final SpecificData model = new SpecificData(SingleObject.class.getClassLoader());
  private final Schema current;
  private final WriterSchemas writers;
  private final byte[] header;
  private final SpecificDatumWriter<T> datumWriter;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);
  private BinaryEncoder encoder;

  public SingleObject(Class<T> type) {
    // Timestamps and the like, as the generated class reads them.
    SpecificData.getForClass(type).getConversions().forEach(model::addLogicalTypeConversion);
    this.current = model.getSchema(type);
    this.writers = WriterSchemas.of(current);
    this.header = header(current);
    this.datumWriter = new SpecificDatumWriter<>(current, writing(type));
  }

  /** With the code Avro generates for records without logical types: the same bytes, sooner. */
  private static SpecificData writing(Class<?> type) {
    var writing = new SpecificData(SingleObject.class.getClassLoader());
    SpecificData.getForClass(type).getConversions().forEach(writing::addLogicalTypeConversion);
    writing.setCustomCoders(true);
    return writing;
  }

  /**
   * Lets Avro instantiate our generated classes. Avro 1.12.2 refuses every class outside its own
   * list; a process that decodes them without this codec (Flink's Avro serializer) calls this
   * first.
   */
  public static void trustOwnClasses() {
    String ours = SingleObject.class.getPackageName();
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            ClassSecurityValidator.DEFAULT, type -> type.getPackageName().equals(ours)));
  }

  /** Marker and fingerprint of a schema: the first {@value #HEADER_BYTES} bytes of its records. */
  public static byte[] header(Schema schema) {
    return ByteBuffer.allocate(HEADER_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0xC3)
        .put((byte) 0x01)
        .putLong(SchemaNormalization.parsingFingerprint64(schema))
        .array();
  }

  public byte[] encode(T record) {
    out.reset();
    out.writeBytes(header);
    // Buffered, because the stream locks for every byte.
    encoder = EncoderFactory.get().binaryEncoder(out, encoder);
    try {
      datumWriter.write(record, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return out.toByteArray();
  }

  /**
   * The record, resolved to the current schema if an older release wrote it.
   *
   * @throws UnreadableRecordException if the bytes are not a whole record of a known schema
   */
  public T decode(byte[] bytes) throws UnreadableRecordException {
    Schema writer = writers.writerOf(bytes);
    BinaryDecoder decoder =
        DecoderFactory.get().binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, null);
    T record;
    boolean atEnd;
    try {
      record = new SpecificDatumReader<T>(writer, current, model).read(null, decoder);
      atEnd = decoder.isEnd();
    } catch (IOException | RuntimeException e) {
      // Corrupt lengths surface as whatever the decoder trips over.
      throw new UnreadableRecordException(
          DeadLetterReason.UNDECODABLE,
          "%s of %d bytes is cut short or corrupt: %s"
              .formatted(current.getName(), bytes.length, e),
          e);
    }
    if (!atEnd) {
      throw new UnreadableRecordException(
          DeadLetterReason.UNDECODABLE,
          "%s of %d bytes has bytes left over after its last field"
              .formatted(current.getName(), bytes.length));
    }
    return record;
  }
}
