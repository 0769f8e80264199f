/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every recipe of the cookbook, run as it stands there. With {@code
 * -Dvmallocfleet.cookbook.write=true} the answers are written into it instead.
 */
class CookbookIT {
  private static final Path FILE = Path.of(System.getProperty("vmallocfleet.cookbook"));

  @TempDir static Path directory;
  private static SqlStack stack;

  @BeforeAll
  static void startFleet() throws Exception {
    stack = SqlStack.start(directory);
    CookbookFleet.write(stack.kafka());
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void there_are_twenty() throws Exception {
    assertThat(Cookbook.read(FILE).recipes()).hasSizeGreaterThanOrEqualTo(20);
  }

  @TestFactory
  Stream<DynamicTest> recipes() throws Exception {
    if (Boolean.getBoolean("vmallocfleet.cookbook.write")) {
      Cookbook.read(FILE)
          .rewrite(recipe -> new Cookbook.Recipe(recipe.question(), recipe.sql(), answer(recipe)));
      return Stream.of();
    }
    return Cookbook.read(FILE).recipes().stream()
        .map(
            recipe ->
                DynamicTest.dynamicTest(
                    recipe.question(),
                    () -> assertThat(answer(recipe)).isEqualTo(recipe.answer())));
  }

  private static String answer(Cookbook.Recipe recipe) {
    try (var session = stack.session(Map.of())) {
      return SqlStack.answer(
          session,
          recipe
              .sql()
              .replace("ARCHIVE", directory.resolve("archive").toString())
              .replace("EXPORT", directory.resolve("export").toString()));
    }
  }
}
