/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.parse;

import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import io.vmallocfleet.agent.vmallocinfo.ParserLimits;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoParser;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoReader;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoUnavailable;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoUnavailable.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The text a command was given: a file, standard input, or this host's own.
 *
 * @param source for people, such as {@code /proc/vmallocinfo}
 * @param bytes the text in [0, length)
 */
public record VmallocinfoText(String source, byte[] bytes, int length) {
  private static final String STANDARD_INPUT = "-";

  /**
   * @param name of a file, or {@code -}
   * @throws IOException that says what to do, in a line
   */
  public static VmallocinfoText read(String name, InputStream standardInput) throws IOException {
    return read(name, standardInput, VmallocinfoReader.MAXIMUM_BYTES);
  }

  static VmallocinfoText read(String name, InputStream standardInput, int maximum)
      throws IOException {
    if (name.equals(STANDARD_INPUT)) {
      return drain("standard input", standardInput, maximum);
    }
    Path path = Path.of(name);
    if (Files.isDirectory(path)) {
      throw new IOException(name + " is a directory: name a file, or - for standard input");
    }
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      // A pipe, such as the shell makes of <(ssh host sudo cat /proc/vmallocinfo): read once.
      try (InputStream pipe = Files.newInputStream(path)) {
        return drain(name, pipe, maximum);
      }
    }
    try (var reader = new VmallocinfoReader(path, maximum)) {
      reader.read();
      return new VmallocinfoText(name, reader.bytes(), reader.length());
    } catch (VmallocinfoUnavailable e) {
      throw e.reason() == Reason.TOO_LARGE ? tooLarge(name, maximum) : e;
    }
  }

  /** All rows, and every line that is none. */
  public AreaTable parse() {
    return new VmallocinfoParser(ParserLimits.unlimited()).parse(bytes, length);
  }

  private static VmallocinfoText drain(String source, InputStream stream, int maximum)
      throws IOException {
    byte[] bytes = stream.readNBytes(maximum);
    if (bytes.length == maximum && stream.read() >= 0) {
      throw tooLarge(source, maximum);
    }
    if (bytes.length == 0) {
      throw new IOException(source + " is empty: expected the text of /proc/vmallocinfo");
    }
    return new VmallocinfoText(source, bytes, bytes.length);
  }

  private static IOException tooLarge(String source, int maximum) {
    return new IOException(
        "%s is larger than %d bytes, far more than any kernel prints: is it the text of /proc/vmallocinfo?"
            .formatted(source, maximum));
  }
}
