/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Every line of every real file. The column {@code printed as} is the proof that all fields are
 * right: each row parsed and printed again in that form is the line, byte for byte.
 */
class CapturesTest {

  static final List<String> BUNDLED = Captures.BUNDLED;

  private static final Map<String, RowForm> FORMS = new LinkedHashMap<>();

  static {
    FORMS.put("64", RowForm.BITS_64);
    FORMS.put("64 bare phys", RowForm.BITS_64_BARE_PHYS);
    FORMS.put("32", RowForm.BITS_32);
    FORMS.put("32 bare phys", RowForm.BITS_32_BARE_PHYS);
  }

  @Test
  void parses_every_line_of_the_bundled_captures() {
    assertThat(report(BUNDLED, Captures::bundled))
        .isEqualTo(
            """
            file | mode | lines = rows + malformed + repeated | printed as
            x86_64_5.8_ubuntu_vmware_jc_fixture | REAL | 1362 = 1362 + 0 + 0 | 64
            x86_64_6.18_kptr0_hashed | HASHED | 714 = 714 + 0 + 0 | 64
            x86_64_6.18_kptr1_nocapsyslog | ZEROED | 725 = 725 + 0 + 0 | 64
            x86_64_6.18_kptr1_real_rebased | REAL | 718 = 718 + 0 + 0 | 64
            """);
  }

  @Test
  void parses_or_explains_every_line_of_all_captures() {
    List<String> files = Captures.external();
    files.remove("snippets.txt");

    assertThat(report(files, Captures::external))
        .isEqualTo(
            """
            file | mode | lines = rows + malformed + repeated | printed as
            arm32_3.0.8_fullhan_asecam | REAL | 74 = 74 + 0 + 0 | 32
            arm32_3.0.8_fullhan_pb1 | REAL | 73 = 73 + 0 + 0 | 32
            arm32_3.10.53_huawei_oom_dump_mailwrapped | REAL | 85 = 29 + 56 + 0 | 32 bare phys
                28 x ... is not an address range such as 0xffffc90000000000-0xffffc90000004000
                28 x the line ends in a space, as rows do that a mail client wrapped; join it with the next
            arm32_3.18.20_qcom_jmr540_lowmem | REAL | 117 = 117 + 0 + 0 | 32 bare phys
            arm32_4.1.25_zte_zx279128 | REAL | 91 = 91 + 0 + 0 | 32 bare phys
            arm32_4.4.0_zynq_innofirmware | REAL | 54 = 54 + 0 + 0 | 32 bare phys
            arm32_4.9.129_fullhan_pb4_dup | REAL | 99 = 98 + 0 + 1 | 32 bare phys
            ppc32_6.14-rc4_outline_kasan | REAL | 452 = 452 + 0 + 0 | 32
            x86_64_2.6.26_caller_commit | REAL | 46 = 46 + 0 + 0 | 64 bare phys
            x86_64_2.6.27_numa4_pages_only | REAL | 30 = 30 + 0 + 0 | 64
            x86_64_4.1x_fzinfz_excerpt | REAL | 26 = 25 + 1 + 0 | 64
                line 21: ... is not an address range such as 0xffffc90000000000-0xffffc90000004000
            x86_64_5.12rc_kasan_randomize_vmalloc_v4_two_boots | REAL | 34 = 34 + 0 + 0 | 64
            x86_64_5.12rc_randomize_vmalloc_v1_two_boots | REAL | 28 = 27 + 0 + 1 | 64
            x86_64_5.8_ubuntu_vmware_jc_fixture | REAL | 1362 = 1362 + 0 + 0 | 64
            x86_64_6.18_kptr0_hashed | HASHED | 714 = 714 + 0 + 0 | 64
            x86_64_6.18_kptr1_nocapsyslog | ZEROED | 725 = 725 + 0 + 0 | 64
            x86_64_6.18_kptr1_real_rebased | REAL | 718 = 718 + 0 + 0 | 64
            x86_64_numa2_google_hashed_mailwrapped | UNKNOWN | 40 = 0 + 40 + 0 | no row
                23 x ... is not an address range such as 0xffffc90000000000-0xffffc90000004000
                17 x the row goes on in the next line, as mail clients wrap it; join the two
            x86_64_question_sample | REAL | 32 = 31 + 1 + 0 | 64 bare phys
                line 31: ... has an address of more than 16 digits; have the end and the size run together?
            """);
  }

  @Test
  void parses_each_odd_line_on_its_own_or_says_what_is_wrong_with_it() {
    List<String> refused =
        Captures.external("snippets.txt")
            .lines()
            .filter(line -> line.startsWith("0x"))
            .flatMap(line -> Captures.parse(line + "\n").malformedLines().stream())
            .map(line -> line.text() + " <- " + line.reason())
            .collect(Collectors.toList());

    // Folded documentation, two lines of gdb, and one typed by hand: none is kernel output.
    String expected = ": expected function+0xoffset/0xsize, a function alone or 0xaddress";
    assertThat(refused)
        .containsExactly(
            "0xffffc20000000000-0xffffc20000201000 2101248 alloc_large_system_hash+0x204 ..."
                + " <- \"alloc_large_system_hash+0x204\" is not a caller"
                + expected,
            "0xffff800008000000-0xffff800008009000      36864 <start_kernel+372> pages=8 vmalloc"
                + " <- \"<start_kernel+372>\" is not a caller"
                + expected,
            "0xffff800008009000-0xffff80000800b000       8192 <gicv2m_init_one+400>"
                + " phys=0x8020000 ioremap <- \"<gicv2m_init_one+400>\" is not a caller"
                + expected,
            "0xFFFFFF800D7C0000-0xFFFFFF800D801000 266240  ... phys=0x0000000045321000 ioremap"
                + " <- \"0xFFFFFF800D7C0000-0xFFFFFF800D801000\" is not two addresses of 8 or 16"
                + " lower-case hex digits each");
  }

  @Test
  void prints_each_odd_line_of_a_kernel_as_it_was() {
    List<String> changed =
        Captures.external("snippets.txt")
            .lines()
            .filter(line -> line.startsWith("0x"))
            .filter(line -> Captures.parse(line + "\n").rows() == 1)
            .filter(line -> anyForm().noneMatch(form -> printed(line, form).equals(line)))
            .collect(Collectors.toList());

    // A wording no release has; drgn, which pads the size to 10; a kernel that is not Linux.
    assertThat(changed)
        .containsExactly(
            "0xece7c000-0xece7e000    8192 freeing vm_area",
            "0xffff800080005000-0xffff800080007000       8192 ioremap_prot phys=0x8020000 ioremap",
            "0x0000000000000000-0x0000000000000000    4096 of_iomap+0xe4/0xec pages=1"
                + " phys=0xfb21b000 ioremap");
  }

  @ParameterizedTest
  @FieldSource("BUNDLED")
  void agrees_with_the_reference_parser(String file) {
    Agreement.check(Captures.bundled(file));
  }

  @Test
  void agrees_with_the_reference_parser_on_all_captures() {
    for (String file : Captures.external()) {
      Agreement.check(Captures.external(file));
    }
  }

  @Test
  void finds_the_hole_that_an_allocation_did_not_fit_into() {
    // The incident of a PowerMac with Linux 6.14-rc4: vmalloc of 839680 bytes failed.
    AreaTable table = Captures.parse(Captures.external("ppc32_6.14-rc4_outline_kasan.txt"));

    long[][] ranges =
        IntStream.range(0, table.rows())
            .filter(row -> table.start(row) >= 0xf1000000L && table.end(row) <= 0xf5110000L)
            .mapToObj(row -> new long[] {table.start(row), table.end(row)})
            .sorted((a, b) -> Long.compare(a[0], b[0]))
            .toArray(long[][]::new);
    long largest = 0;
    for (int i = 1; i < ranges.length; i++) {
      largest = Math.max(largest, ranges[i][0] - ranges[i - 1][1]);
    }

    assertThat(largest).isEqualTo(831_488);
  }

  @Test
  void gives_every_page_count_to_the_row_it_stands_on() {
    AreaTable table = Captures.parse(Captures.bundled("x86_64_5.8_ubuntu_vmware_jc_fixture.txt"));

    // Pages by node add up to pages= on this kernel, so neither came from a neighbouring line.
    for (int row = 0; row < table.rows(); row++) {
      long byNode = 0;
      for (int i = 0; i < table.nodes(row); i++) {
        byNode += table.nodePages(row, i);
      }
      assertThat(byNode).as("line %d", table.lineNumber(row)).isEqualTo(table.pages(row));
    }
  }

  private interface Source {
    String text(String file);
  }

  private static String report(List<String> files, Source source) {
    StringBuilder report =
        new StringBuilder("file | mode | lines = rows + malformed + repeated | printed as\n");
    for (String file : files) {
      String text = source.text(file);
      AreaTable table = Captures.parse(text);
      report
          .append(file.replace(".txt", ""))
          .append(" | ")
          .append(table.mode())
          .append(" | ")
          .append(table.lines())
          .append(" = ")
          .append(table.rows())
          .append(" + ")
          .append(table.malformed())
          .append(" + ")
          .append(table.duplicates())
          .append(" | ")
          .append(form(table, text))
          .append('\n');
      reasons(table).forEach((reason, count) -> report.append(count).append(reason).append('\n'));
    }
    return report.toString();
  }

  /** Reasons without the quoted words; with the line number where there is only one. */
  private static Map<String, String> reasons(AreaTable table) {
    Map<String, String> reasons = new TreeMap<>();
    for (MalformedLine line : table.malformedLines()) {
      reasons.merge(
          line.reason().replaceAll("\"[^\"]*\"", "..."),
          "    line " + line.lineNumber() + ": ",
          (one, more) -> one.startsWith("    line") ? "    2 x " : increment(one));
    }
    return reasons;
  }

  private static String increment(String count) {
    return "    " + (Integer.parseInt(count.strip().split(" ")[0]) + 1) + " x ";
  }

  private static String form(AreaTable table, String text) {
    if (table.rows() == 0) {
      return "no row";
    }
    String[] lines = text.split("\n");
    return FORMS.entrySet().stream()
        .filter(form -> printsAll(table, lines, form.getValue()))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("none");
  }

  private static boolean printsAll(AreaTable table, String[] lines, RowForm form) {
    return IntStream.range(0, table.rows())
        .allMatch(row -> table.area(row).format(form).equals(lines[table.lineNumber(row) - 1]));
  }

  private static Stream<RowForm> anyForm() {
    return Stream.concat(
        Stream.of(new RowForm(16, true, 16), new RowForm(8, true, 16), new RowForm(8, true, 8)),
        FORMS.values().stream());
  }

  private static String printed(String line, RowForm form) {
    return Captures.parse(line + "\n").area(0).format(form);
  }
}
