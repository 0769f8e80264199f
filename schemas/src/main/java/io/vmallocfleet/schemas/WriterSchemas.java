/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * Every schema a record of one type may have been written with: those of all releases, which ship
 * in this jar, and the current one. This is what stands in for a schema registry.
 */
final class WriterSchemas {
  private final Map<Long, Schema> byFingerprint;

  private WriterSchemas(Map<Long, Schema> byFingerprint) {
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
    return new WriterSchemas(known);
  }

  /** The schema with that CRC-64-AVRO fingerprint, or null. */
  Schema find(long fingerprint) {
    return byFingerprint.get(fingerprint);
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
