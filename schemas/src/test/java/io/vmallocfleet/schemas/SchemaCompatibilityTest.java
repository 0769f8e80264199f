/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaCompatibilityTest {
  private static final Path RELEASED = Path.of("released");

  @ParameterizedTest
  @MethodSource("released")
  void today_reads_what_a_release_wrote(Path file) throws IOException {
    Schema released = new Schema.Parser().parse(file.toFile());

    assertThat(compatibility(current(released.getName()), released))
        .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
  }

  @ParameterizedTest
  @MethodSource("released")
  void a_release_reads_what_today_writes(Path file) throws IOException {
    Schema released = new Schema.Parser().parse(file.toFile());

    assertThat(compatibility(released, current(released.getName())))
        .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
  }

  @Test
  void the_newest_release_holds_every_topic() throws IOException {
    Path newest;
    try (Stream<Path> releases = Files.list(RELEASED)) {
      newest = releases.max((a, b) -> Integer.compare(number(a), number(b))).orElseThrow();
    }

    for (FleetTopic topic : FleetTopic.values()) {
      assertThat(newest.resolve(topic.valueSchema().getName() + ".avsc")).exists();
    }
  }

  @Test
  void every_field_says_what_it_is() {
    for (FleetTopic topic : FleetTopic.values()) {
      assertDocumented(topic.valueSchema());
    }
  }

  static List<Path> released() throws IOException {
    try (Stream<Path> files = Files.walk(RELEASED)) {
      return files.filter(f -> f.toString().endsWith(".avsc")).sorted().toList();
    }
  }

  private static int number(Path release) {
    return Integer.parseInt(release.getFileName().toString());
  }

  private static Schema current(String name) {
    return Arrays.stream(FleetTopic.values())
        .map(FleetTopic::valueSchema)
        .filter(s -> s.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " was released and is gone"));
  }

  private static SchemaCompatibilityType compatibility(Schema reader, Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType();
  }

  private static void assertDocumented(Schema schema) {
    switch (schema.getType()) {
      case RECORD -> {
        assertThat(schema.getDoc()).as(schema.getName()).isNotBlank();
        for (Schema.Field field : schema.getFields()) {
          assertThat(field.doc()).as(schema.getName() + "." + field.name()).isNotBlank();
          assertDocumented(field.schema());
        }
      }
      case ARRAY -> assertDocumented(schema.getElementType());
      case UNION -> schema.getTypes().forEach(SchemaCompatibilityTest::assertDocumented);
      case ENUM -> assertThat(schema.getDoc()).as(schema.getName()).isNotBlank();
      default -> {}
    }
  }
}
