/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * Every schema a record of one type may have been written with: those of all releases, which ship
 * in this jar, and the current one. This is what stands in for a schema registry.
 */
final class WriterSchemas {
  private final String recordName;
  private final Map<Long, Schema> byFingerprint;

  private WriterSchemas(String recordName, Map<Long, Schema> byFingerprint) {
    this.recordName = recordName;
    this.byFingerprint = byFingerprint;
  }

  /**
   * Reads {@code released/1/NAME.avsc}, {@code released/2/NAME.avsc} and so on to the first release
   * that is not there.
   */
  static WriterSchemas of(Schema current) {
    var known = new LinkedHashMap<Long, Schema>();
    for (int release = 1; ; release++) {
      Schema released = released(release, current.getName());
      if (released == null) {
        break;
      }
      known.put(SchemaNormalization.parsingFingerprint64(released), released);
    }
    known.put(SchemaNormalization.parsingFingerprint64(current), current);
    return new WriterSchemas(current.getName(), known);
  }

  /**
   * The schema these bytes were written with, by the fingerprint in their header.
   *
   * @throws UnreadableRecordException if there is no header, or no release knows the schema
   */
  Schema writerOf(byte[] bytes) throws UnreadableRecordException {
    if (bytes.length < SingleObject.HEADER_BYTES || bytes[0] != (byte) 0xC3 || bytes[1] != 0x01) {
      throw new UnreadableRecordException(
          DeadLetterReason.UNDECODABLE,
          "%d bytes do not begin with the single-object marker c301 and a fingerprint: not a %s"
              .formatted(bytes.length, recordName));
    }
    long fingerprint = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
    Schema writer = byFingerprint.get(fingerprint);
    if (writer == null) {
      throw new UnreadableRecordException(
          DeadLetterReason.UNKNOWN_SCHEMA,
          "%s was written with schema %016x, which this release does not know: a newer writer?"
              .formatted(recordName, fingerprint));
    }
    return writer;
  }

  private static Schema released(int release, String name) {
    try (InputStream in =
        WriterSchemas.class.getResourceAsStream("released/" + release + "/" + name + ".avsc")) {
      return in == null ? null : new Schema.Parser().parse(in);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "released schema " + release + "/" + name + " in our own jar", e);
    }
  }
}
