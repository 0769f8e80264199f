/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The questions and answers of {@code docs/sql-cookbook.md}. */
final class Cookbook {
  private static final Pattern RECIPE =
      Pattern.compile("(?s)## (\\d+\\. [^\\n]*)\\n(.*?)```sql\\n(.*?)```\\n\\n```\\n(.*?)```\\n");

  private final Path file;
  private final String text;

  private Cookbook(Path file, String text) {
    this.file = file;
    this.text = text;
  }

  /** One question: its heading, the statements, and what they print. */
  record Recipe(String question, String sql, String answer) {
    private static Recipe of(MatchResult match) {
      return new Recipe(match.group(1), match.group(3), match.group(4));
    }

    @Override
    public String toString() {
      return question;
    }
  }

  static Cookbook read(Path file) throws IOException {
    return new Cookbook(file, Files.readString(file));
  }

  List<Recipe> recipes() {
    return RECIPE.matcher(text).results().map(Recipe::of).toList();
  }

  /** Puts other answers in the place of those that are there. */
  void rewrite(UnaryOperator<Recipe> answered) throws IOException {
    Files.writeString(
        file,
        RECIPE
            .matcher(text)
            .replaceAll(
                match -> {
                  Recipe recipe = answered.apply(Recipe.of(match));
                  return Matcher.quoteReplacement(
                      "## %s\n%s```sql\n%s```\n\n```\n%s```\n"
                          .formatted(
                              recipe.question(), match.group(2), recipe.sql(), recipe.answer()));
                }));
  }
}
