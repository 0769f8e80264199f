/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Real files: those that are part of this project, and those in a directory of the developer's. */
final class Captures {

  /** Names the directory with captures that may not be published here. */
  static final String PROPERTY = "vmallocfleet.captures";

  static final List<String> BUNDLED =
      List.of(
          "x86_64_5.8_ubuntu_vmware_jc_fixture.txt",
          "x86_64_6.18_kptr0_hashed.txt",
          "x86_64_6.18_kptr1_nocapsyslog.txt",
          "x86_64_6.18_kptr1_real_rebased.txt");

  private Captures() {}

  static String bundled(String name) {
    return read(Path.of("src/test/resources/captures", name));
  }

  /** A file of the developer's directory; skips the test if there is none. */
  static String external(String name) {
    return read(directory().resolve(name));
  }

  /** Names of the files in the developer's directory, sorted; skips the test if there is none. */
  static List<String> external() {
    try (Stream<Path> files = Files.list(directory())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".txt"))
          .sorted()
          .collect(Collectors.toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static AreaTable parse(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return new VmallocinfoParser(ParserLimits.unlimited()).parse(bytes, bytes.length);
  }

  private static Path directory() {
    String directory = System.getProperty(PROPERTY, "");
    assumeTrue(
        !directory.isBlank(),
        "no captures beyond the bundled ones: run with -D"
            + PROPERTY
            + "=<directory> to test them");
    return Path.of(directory);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
