/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.explain;

import io.vmallocfleet.agent.vmallocinfo.ParserLimits;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoParser;
import io.vmallocfleet.callers.CallerKnowledge;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Explanations of the bundled captures and of texts. */
final class Captures {
  private static final CallerKnowledge KNOWLEDGE = CallerKnowledge.bundled();

  private Captures() {}

  static Explanation bundled(String name) {
    try {
      return explain(
          Files.readString(
              Path.of("src/test/resources/captures", name), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Explanation explain(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return Explanation.of(
        new VmallocinfoParser(ParserLimits.unlimited()).parse(bytes, bytes.length), KNOWLEDGE);
  }
}
