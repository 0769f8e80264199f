/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.callers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CallerKnowledgeTest {
  private static final String FAMILIES =
      """
      family\tmark\tlabel\tgrowth\tmeaning\tgrowing
      tty\tT\tTerminals\tone per open terminal\tA terminal.\tTerminals left open.
      unknown\tu\tUnknown\tunknown\tUnknown callers.\tUnknown.
      """;
  private static final String HEADER =
      "function\tfamily\tsubsystem\tpurpose\tgrowth\tgrowth_usually_means\n";

  private final CallerKnowledge knowledge = CallerKnowledge.bundled();

  @Test
  void every_line_of_the_tables_is_right() throws IOException {
    // Loading has checked columns, families, marks and that no function stands twice.
    assertThat(knowledge.size()).isGreaterThanOrEqualTo(151);
    assertThat(knowledge.families())
        .allSatisfy(
            family -> {
              assertThat(family.label()).hasSizeLessThanOrEqualTo(24);
              assertThat(family.growth()).hasSizeLessThanOrEqualTo(27);
              assertThat(family.meaning()).endsWith(".");
              assertThat(family.growing()).endsWith(".");
            });
    for (String line : lines("callers.tsv")) {
      String[] fields = line.split("\t");
      assertThat(fields[0]).as(line).matches("\\S+( \\[\\S+])?|unpurged vm_area");
      assertThat(fields[3]).as(line).endsWith(".");
      assertThat(fields[5]).as(line).endsWith(".").doesNotStartWith("As ");
    }
  }

  @Test
  void every_family_but_unknown_has_functions() throws IOException {
    Set<String> used =
        lines("callers.tsv").stream()
            .map(line -> line.split("\t")[1])
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(knowledge.families())
        .extracting(CallerFamily::slug)
        .filteredOn(slug -> !slug.equals(CallerFamily.UNKNOWN))
        .containsExactlyInAnyOrderElementsOf(used);
  }

  @Test
  void functions_of_one_purpose_are_one_family() {
    assertThat(List.of("kernel_clone", "_do_fork", "dup_task_struct", "copy_process"))
        .extracting(function -> knowledge.meaning(function, "").family().slug())
        .containsOnly("kernel-stacks");
  }

  @Test
  void a_known_function_is_known_in_every_module() {
    CallerMeaning meaning = knowledge.meaning("e1000_setup_rx_resources", "e1000");

    assertThat(meaning.known()).isTrue();
    assertThat(meaning.module()).isEqualTo("e1000");
    assertThat(meaning.family().slug()).isEqualTo("network-devices");
  }

  @Test
  void an_unknown_caller_says_unknown_with_its_module_as_a_hint() {
    CallerMeaning inModule = knowledge.meaning("frobnicate", "wl");

    assertThat(inModule.known()).isFalse();
    assertThat(inModule.family().slug()).isEqualTo("unknown");
    assertThat(inModule.growth()).isEqualTo("unknown");
    assertThat(inModule.purpose())
        .isEqualTo("unknown; it belongs to the module wl, which \"modinfo wl\" describes");
    assertThat(knowledge.meaning("frobnicate", "").purpose()).isEqualTo("unknown");
  }

  @Test
  void a_line_for_one_module_wins_there_and_says_nothing_elsewhere() {
    CallerKnowledge own = CallerKnowledge.parse(FAMILIES, HEADER + caller("open [pty]", "tty"));

    assertThat(own.meaning("open", "pty").known()).isTrue();
    assertThat(own.meaning("open", "pty").function()).isEqualTo("open");
    assertThat(own.meaning("open", "wl").known()).isFalse();
    assertThat(own.meaning("open", "").known()).isFalse();
  }

  @Test
  void errors_name_the_line() {
    assertWrong(
        "# comment\n\n" + HEADER + "open\ttty\n",
        "callers.tsv line 4: 2 fields: expected 6, separated by one tab: function, family,"
            + " subsystem, purpose, growth, growth_usually_means");
    assertWrong(
        HEADER + caller("open", "ttys"),
        "callers.tsv line 2: family is \"ttys\": expected one of tty, unknown");
    assertWrong(
        HEADER + caller("open", "tty") + caller("open", "tty"),
        "callers.tsv line 3: there is a line for \"open\" already");
    assertWrong(
        HEADER + caller("open ", "tty"),
        "callers.tsv line 2: function is \"open \": expected text without blanks around it");
    assertWrong(
        caller("open", "tty"),
        "callers.tsv line 1: expected the header"
            + " function<tab>family<tab>subsystem<tab>purpose<tab>growth<tab>growth_usually_means");
  }

  @Test
  void two_families_cannot_share_a_mark() {
    String twice = FAMILIES + "pty\tT\tPty\tone\tA pty.\tMore.\n";

    assertThatThrownBy(() -> CallerKnowledge.parse(twice, HEADER))
        .hasMessage("families.tsv line 4: mark \"T\" is that of tty");
  }

  private static void assertWrong(String callers, String message) {
    assertThatThrownBy(() -> CallerKnowledge.parse(FAMILIES, callers))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static String caller(String function, String family) {
    return function + "\t" + family + "\tdrivers\tA thing.\tper thing\tA leak.\n";
  }

  /** Lines of a table, without comments and header. */
  private static List<String> lines(String name) throws IOException {
    try (InputStream text = CallerKnowledge.class.getResourceAsStream(name)) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .skip(1)
          .toList();
    }
  }
}
