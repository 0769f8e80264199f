/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VmallocinfoParserTest {

  private static final String RANGE = "0xffffb3c1c0000000-0xffffb3c1c0005000   20480 ";

  @Test
  void reads_every_field_of_a_full_row() {
    AreaTable table =
        parse(
            "0xffffc2000034a000-0xffffc2000034d000   12288 xt_alloc.isra.0+0xfe/0x130 [x_tables]"
                + " pages=2 phys=cff68000 vmalloc user vpages xen huge=1 N1=1 N3=1\n");

    assertThat(table.area(0))
        .isEqualTo(
            new VmallocArea(
                0xffffc2000034a000L,
                0xffffc2000034d000L,
                12288,
                new Caller(
                    "xt_alloc",
                    ".isra.0",
                    "x_tables",
                    0xfe,
                    0x130,
                    "xt_alloc.isra.0+0xfe/0x130 [x_tables]"),
                2,
                0xcff68000L,
                Set.of(AreaFlag.VMALLOC, AreaFlag.USER, AreaFlag.VPAGES),
                List.of("xen", "huge=1"),
                new TreeMap<>(Map.of(1, 1L, 3, 1L))));
    assertThat(table.flags(0)).isEqualTo(4 + 16 + 64);
    assertThat(table.lineNumber(0)).isEqualTo(1);
  }

  @Test
  void attaches_pages_and_phys_to_the_row_they_stand_on_and_reads_phys_as_hex() {
    // jc gives phys= and pages= to the entry before, and takes the digits for decimal.
    AreaTable table =
        parse(
            """
            0xffffb3c1c0000000-0xffffb3c1c0005000   20480 map_irq_stack+0x93/0xe0 vmap
            0xffffb3c1c0005000-0xffffb3c1c0007000    8192 memremap+0xb4/0x110 phys=10000000 ioremap
            0xffffb3c1c0008000-0xffffb3c1c000a000    8192 gen_pool_add+0x42/0x110 pages=1 vmalloc N0=1
            """);

    assertThat(columns(table, AreaTable::pages)).containsExactly(0L, 0L, 1L);
    assertThat(columns(table, AreaTable::phys)).containsExactly(0L, 0x10000000L, 0L);
  }

  @Test
  void takes_the_module_for_part_of_the_caller_and_not_for_an_option() {
    AreaTable table = parse(RANGE + "ttm_bo_kmap_ttm+0xce/0x150 [ttm]\n");

    assertThat(table.area(0).caller().module()).isEqualTo("ttm");
    assertThat(table.area(0).words()).isEmpty();
    assertThat(table.area(0).kind()).isEqualTo(AreaKind.UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource({
    "phys=bfff0000,                    bfff0000",
    "phys=0x00000000bfff0000,          bfff0000",
    "phys=0x80041000,                  80041000",
    "phys=0x8020000,                   8020000",
    "phys=0xffffffffffffffff,          ffffffffffffffff",
    "phys=10,                          10"
  })
  void reads_phys_as_unsigned_hex_with_or_without_prefix(String word, String hex) {
    assertThat(parse(RANGE + "memremap+0xb4/0x110 " + word + " ioremap\n").phys(0))
        .isEqualTo(Long.parseUnsignedLong(hex, 16));
  }

  @Test
  void reads_sizes_beyond_two_and_forty_bits_and_addresses_beyond_the_sign() {
    AreaTable table =
        parse(
            """
            0xffffc90040000000-0xffffc90440001000 17179873280 memremap+0xb4/0x110 phys=480000000 ioremap
            0xff20000000000000-0xff40000000000000 9007199254740992 arena_map_alloc+0xb0/0x230 sparse
            0xfffffffffffff000-0x0000000000000000    4096 iotable_init+0x0/0xb4 ioremap
            """);

    assertThat(table.malformedLines()).isEmpty();
    assertThat(columns(table, AreaTable::size))
        .containsExactly(17179873280L, 9007199254740992L, 4096L);
    assertThat(table.mode()).isEqualTo(AddressMode.REAL);
  }

  @Test
  void wraps_a_32_bit_range_that_ends_at_the_top() {
    assertThat(parse("0xfffff000-0x00000000    4096 vectors_init+0x0/0x10 ioremap\n").mode())
        .isEqualTo(AddressMode.REAL);
  }

  @Test
  void reads_hundreds_of_nodes_and_a_symbol_of_511_characters() {
    String nodes =
        IntStream.range(0, 300).mapToObj(i -> " N" + 3 * i + "=1").collect(Collectors.joining());
    String symbol = "a".repeat(511);

    AreaTable table =
        parse(
            "0xffffb3c1c0000000-0xffffb3c1c012d000 1232896 "
                + symbol
                + "+0x1/0x2 pages=300 vmalloc"
                + nodes
                + "\n");

    assertThat(table.nodes(0)).isEqualTo(300);
    assertThat(table.node(0, 299)).isEqualTo(897);
    assertThat(table.area(0).caller().function()).isEqualTo(symbol);
  }

  @Test
  void keeps_no_number_of_a_raw_caller_in_the_dictionary_but_all_of_it_in_the_row() {
    AreaTable table =
        parse(
            """
            0x(____ptrval____)-0x(____ptrval____)   20480 0x86e28000100e7c60 pages=4 vmalloc N0=4
            0x(____ptrval____)-0x(____ptrval____)   20480 0xb8b8000100f75fc pages=4 vmalloc N0=4
            0x(____ptrval____)-0x(____ptrval____)   20480 0x0000000000000fc0 pages=4 vmalloc N0=4
            """);

    assertThat(table.callSites().size()).isEqualTo(2);
    assertThat(table.callSites().caller(table.callSite(1))).isEqualTo(Caller.UNRESOLVED);
    assertThat(IntStream.range(0, 3).mapToObj(row -> table.area(row).caller().text()))
        .containsExactly("0x86e28000100e7c60", "0xb8b8000100f75fc", "0x0000000000000fc0");
    assertThat(table.area(0).caller().redacted()).isEqualTo(Caller.UNRESOLVED);
    assertThat(table.area(0).caller().resolved()).isFalse();
  }

  @Test
  void reads_the_whole_row_forms_and_takes_freeing_for_unpurged() {
    AreaTable table =
        parse(
            """
            0xece7c000-0xece7e000    8192 unpurged vm_area
            0xece7e000-0xece83000   20480 vm_map_ram
            0xece84000-0xece86000    8192 freeing vm_area
            0xece86000-0xece88000    8192
            """);

    assertThat(IntStream.range(0, 4).mapToObj(table::kind))
        .containsExactly(
            AreaKind.UNPURGED, AreaKind.VM_MAP_RAM, AreaKind.UNPURGED, AreaKind.UNKNOWN);
    assertThat(IntStream.range(0, 4).map(table::callSite)).containsOnly(CallSites.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "pcpu_get_vm_areas+0x0/0x10c0 vmalloc,          PERCPU",
    "pcpu_get_vm_areas+0x0/0x10c0 pages=4 vmalloc,  VMALLOC",
    "a+0x0/0x1 vmalloc user vpages,                 VMALLOC",
    "a+0x0/0x1 phys=8d500000 user,                  USER",
    "a+0x0/0x1 dma-coherent,                        DMA_COHERENT",
    "a+0x0/0x1 sparse,                              SPARSE",
    "a+0x0/0x1 vmap,                                VMAP",
    "a+0x0/0x1 phys=80000000 lowmem,                LOWMEM",
    "a+0x0/0x1 ioremap,                             IOREMAP",
    "a+0x0/0x1 xen,                                 UNKNOWN"
  })
  void tells_the_kind_from_flags_and_caller(String rest, AreaKind kind) {
    assertThat(parse(RANGE + rest + "\n").kind(0)).isEqualTo(kind);
  }

  @Test
  void reads_a_file_with_carriage_returns() {
    AreaTable table = parse(RANGE + "map_irq_stack+0x93/0xe0 vmap\r\n");

    assertThat(table.malformedLines()).isEmpty();
    assertThat(table.flags(0)).isEqualTo(AreaFlag.VMAP.bit());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a+0x1/0x2 pages=4k vmalloc   | \"pages=4k\": expected pages= and a decimal number",
        "a+0x1/0x2 pages= vmalloc     | \"pages=\": expected pages= and a decimal number",
        "a+0x1/0x2 pages=6 vmalloc    | the pages do not fit into the size, at 4096 bytes each or"
            + " more",
        "a+0x1/0x2 phys=0X10 ioremap  | \"phys=0X10\": expected phys= and up to 16 lower-case hex"
            + " digits",
        "a+0x1/0x2 phys=12345678901234567 | \"phys=12345678901234567\": expected phys= and up to"
            + " 16 lower-case hex digits",
        "a+0x1/0x2 vmalloc vmalloc    | \"vmalloc\" stands twice",
        "a+0x1/0x2 pages=1 pages=1    | \"pages=1\" stands twice",
        "a+0x1/0x2 vmalloc N1=1 N0=1  | \"N0=1\" is out of order: the kernel lists NUMA nodes"
            + " ascending",
        "a+0x1/0x2 vmalloc N0=        | \"N0=\": expected N, a NUMA node, = and a decimal number"
            + " of pages",
        "a+0x1/0x2 vmalloc8192 12     | \"12\" is neither a flag word nor key=value",
        "a+0x1/0x2 unpurged vm_area   | \"unpurged\" is neither a flag word nor key=value",
        "a+0x1/0x2 [ttm               | \"[ttm\" is not a module in brackets",
        "a+0x1/0X2 vmap               | \"a+0x1/0X2\" is not a caller: expected"
            + " function+0xoffset/0xsize, a function alone or 0xaddress",
        "0x12345678901234567 vmap     | \"0x12345678901234567\" is not a caller: expected"
            + " function+0xoffset/0xsize, a function alone or 0xaddress",
        "unpurged                     | \"unpurged\" is not a caller: expected"
            + " function+0xoffset/0xsize, a function alone or 0xaddress"
      })
  void refuses_words_that_contradict_the_grammar_and_says_why(String rest, String reason) {
    assertThat(parse(RANGE + rest + "\n").malformedLines())
        .containsExactly(new MalformedLine(1, reason, RANGE + rest));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "0xFFFFB3C1C0000000-0xFFFFB3C1C0005000   20480 vmap|\"0xFFFFB3C1C0000000-0xFFFFB3C1C0005000\""
            + " is not two addresses of 8 or 16 lower-case hex digits each",
        "0xffffb3c1c0000000-0xf1000000   20480 vmap|\"0xffffb3c1c0000000-0xf1000000\" is not two"
            + " addresses of 8 or 16 lower-case hex digits each",
        "0xffffb3c1c0000000-0xffffb3c1c0005000|the size is missing behind the addresses",
        "0xf1000000-0xf1005000 -20480 vmap|\"-20480\" is not a size: expected bytes in decimal, 1 or"
            + " more",
        "0xf1000000-0xf1005000 0 vmap|\"0\" is not a size: expected bytes in decimal, 1 or more",
        "0xf1000000-0xf1005000 20480 vmap |the line ends in a space, as rows do that a mail client"
            + " wrapped; join it with the next",
        "0xf1000000-0xf1005000 20480\tvmap|\"20480\tvmap\" is not a size: expected bytes in decimal,"
            + " 1 or more",
        "# a comment|\"#\" is not an address range such as 0xffffc90000000000-0xffffc90000004000"
      })
  void refuses_lines_whose_first_fields_are_wrong_and_says_why(String line, String reason) {
    assertThat(parse(line + "\n").malformedLines())
        .containsExactly(new MalformedLine(1, reason, line));
  }

  @Test
  void refuses_a_last_row_without_newline_because_it_may_be_cut_short() {
    AreaTable table = parse(RANGE + "a+0x1/0x2 pages=4 vmalloc\n" + RANGE + "b+0x1/0x2 pages=1");

    assertThat(table.rows()).isEqualTo(1);
    assertThat(table.malformedLines().get(0).toString())
        .isEqualTo(
            "line 2: the file ends before the newline, so the row may be cut short; end the file"
                + " with a newline if it is whole: \""
                + RANGE
                + "b+0x1/0x2 pages=1\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pages=5 vmalloc",
        "N1=512",
        "vpages N0=1 N1=1",
        "a+0x1/0x2 pages=1",
        "[ttm] vmap",
        "0xbf08e26c ",
        "unpurged vm_area",
        "  phys=9f800000 ioremap"
      })
  void takes_back_a_row_that_goes_on_in_the_next_line(String continuation) {
    AreaTable table = parse(RANGE + "b\n" + continuation + "\n");

    assertThat(table.rows()).isZero();
    assertThat(table.malformedLines().get(0).reason())
        .isEqualTo("the row goes on in the next line, as mail clients wrap it; join the two");
  }

  @Test
  void keeps_a_row_before_a_line_that_is_plain_text() {
    assertThat(parse(RANGE + "a+0x1/0x2 vmap\n... *total* 674 lines ...\n").rows()).isEqualTo(1);
  }

  @Test
  void drops_repeated_rows_only_where_rows_have_an_identity() {
    String real = "0xfe0e0000-0xfe0e4000   16384 iotable_init+0x0/0xbc phys=ed000000 ioremap\n";
    String hashed = "0x00000000311809f9-0x00000000cc267ecd   36864 a+0x1/0x2 pages=8 vmalloc\n";
    String zeroed = "0x0000000000000000-0x0000000000000000   69632 of_iomap+0x78/0xb0 ioremap\n";
    String placeholder = "0x(ptrval)-0x(ptrval)    8192 load_module+0xc0c/0x2c0c vmalloc\n";

    assertThat(parse(real + real).duplicates()).isEqualTo(1);
    assertThat(parse(hashed + hashed).duplicates()).isEqualTo(1);
    assertThat(parse(zeroed + zeroed).rows()).isEqualTo(2);
    assertThat(parse(placeholder + placeholder).rows()).isEqualTo(2);
  }

  @Test
  void keeps_rows_that_differ_in_caller_or_flags_alone() {
    AreaTable table =
        parse(
            """
            0xece7c000-0xece7e000    8192 0xbf08e26c vmap
            0xece7c000-0xece7e000    8192 0xbf08e26d vmap
            0xece7c000-0xece7e000    8192 unpurged vm_area
            0xece7c000-0xece7e000    8192 vm_map_ram
            """);

    assertThat(table.rows()).isEqualTo(4);
  }

  @Test
  void names_the_mode_by_majority_and_refuses_the_rows_that_contradict_it() {
    String corrupt = "0xffffb3c1c0010000-0xffffb3c1c0013000    8192 c+0x1/0x2 vmap\n";
    AreaTable table =
        parse(RANGE + "a+0x1/0x2 vmap\n" + corrupt + RANGE.replace("c1c", "c2c") + "b+0x1/0x2\n");

    assertThat(table.mode()).isEqualTo(AddressMode.REAL);
    assertThat(table.malformedLines())
        .containsExactly(
            new MalformedLine(
                2,
                "end - start is 12288 bytes but the size is 8192, and the file shows real addresses",
                corrupt.strip()));
  }

  @ParameterizedTest
  @CsvSource({
    "0x00000000311809f9-0x00000000cc267ecd, HASHED",
    "0x311809f9-0xcc267ecd,                 HASHED",
    "0x0000000000000000-0x0000000000000000, ZEROED",
    "0x00000000-0x00000000,                 ZEROED",
    "0x(____ptrval____)-0x(____ptrval____), PLACEHOLDER",
    "0x(ptrval)-0x(ptrval),                 PLACEHOLDER",
    "0xf1000000-0xf1002000,                 REAL",
    "0xf1000000-0xf1003000,                 UNKNOWN",
    "0xffffb3c1c0010000-0xffffb3c1c0013123, UNKNOWN"
  })
  void tells_the_mode_from_a_single_row(String range, AddressMode mode) {
    assertThat(parse(range + " 8192 a+0x1/0x2\n").mode()).isEqualTo(mode);
  }

  @Test
  void has_no_mode_and_no_rows_for_an_empty_file() {
    assertThat(parse("").mode()).isEqualTo(AddressMode.UNKNOWN);
    assertThat(parse("").lines()).isZero();
  }

  @Test
  void counts_malformed_lines_beyond_the_samples_it_keeps() {
    VmallocinfoParser parser = new VmallocinfoParser(new ParserLimits(2, 10));
    byte[] text = bytes("nonsense\n".repeat(100));

    AreaTable table = parser.parse(text, text.length);

    assertThat(table.malformed()).isEqualTo(100);
    assertThat(table.malformedLines()).extracting(MalformedLine::lineNumber).containsExactly(1, 2);
  }

  @Test
  void gives_callers_beyond_its_bound_one_entry_and_starts_afresh_with_the_next_file() {
    VmallocinfoParser parser = new VmallocinfoParser(new ParserLimits(0, 2));
    byte[] three = bytes(rows("one", "two", "three", "one"));
    byte[] other = bytes(rows("four", "three"));

    AreaTable first = parser.parse(three, three.length);
    List<String> beforeRestart = functions(first);
    AreaTable second = parser.parse(other, other.length);

    assertThat(beforeRestart).containsExactly("one", "two", "unlisted", "one");
    assertThat(functions(second)).containsExactly("four", "three");
    assertThat(second.generation()).isGreaterThan(first.generation());
  }

  @Test
  void keeps_indices_of_callers_from_one_file_to_the_next() {
    VmallocinfoParser parser = new VmallocinfoParser(ParserLimits.longRunning());
    byte[] before = bytes(rows("one", "two"));
    byte[] after = bytes(rows("two", "three", "one"));

    AreaTable first = parser.parse(before, before.length);
    AreaTable second = parser.parse(after, after.length);

    assertThat(second.callSite(0)).isEqualTo(first.callSite(1));
    assertThat(second.callSite(2)).isEqualTo(first.callSite(0));
    assertThat(second.generation()).isEqualTo(first.generation());
  }

  @Test
  void fills_a_table_again_without_a_trace_of_the_file_before() {
    VmallocinfoParser parser = new VmallocinfoParser(ParserLimits.unlimited());
    byte[] full = bytes(RANGE + "a+0x1/0x2 [m] pages=4 phys=1 vmalloc xen N0=4\nnonsense\n");
    byte[] bare = bytes("0xf1000000-0xf1002000    8192\n");

    AreaTable table = parser.parse(full, full.length);
    parser.parse(bare, bare.length, table);

    assertThat(table.area(0)).isEqualTo(Captures.parse(new String(bare)).area(0));
    assertThat(table.malformedLines()).isEmpty();
    assertThat(table.lines()).isEqualTo(1);
  }

  @Test
  void hides_kernel_addresses_in_samples_that_leave_the_host() {
    MalformedLine line = parse("0xffffb3c1c0000000-0xffff 8192 pages=12\n").malformedLines().get(0);

    assertThat(line.redacted().toString())
        .isEqualTo(
            "line 1: \"0xxxxxxxxxxxxxxxxx-0xffff\" is not two addresses of 8 or 16 lower-case hex"
                + " digits each: \"0xxxxxxxxxxxxxxxxx-0xffff 8192 pages=12\"");
  }

  private interface Column {
    long at(AreaTable table, int row);
  }

  private static List<Long> columns(AreaTable table, Column column) {
    return IntStream.range(0, table.rows())
        .mapToObj(row -> column.at(table, row))
        .collect(Collectors.toList());
  }

  private static List<String> functions(AreaTable table) {
    return IntStream.range(0, table.rows())
        .mapToObj(row -> table.area(row).caller().function())
        .collect(Collectors.toList());
  }

  /** One area a function, at ascending addresses. */
  private static String rows(String... functions) {
    return IntStream.range(0, functions.length)
        .mapToObj(
            i ->
                String.format(
                    "0xf%03x0000-0xf%03x2000    8192 %s+0x1/0x2 vmap%n", i, i, functions[i]))
        .collect(Collectors.joining());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static AreaTable parse(String text) {
    return Captures.parse(text);
  }
}
