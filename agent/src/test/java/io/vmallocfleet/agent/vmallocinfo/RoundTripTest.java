/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is printed can be read: parse(format(area)) is the area, in every form a kernel has. */
class RoundTripTest {

  private static final Set<String> NO_FUNCTIONS =
      Set.of(
          "ioremap",
          "sparse",
          "vmalloc",
          "vmap",
          "user",
          "vpages",
          "lowmem",
          "unpurged",
          "freeing",
          "vm_area",
          "vm_map_ram");

  private static final Set<AreaFlag> WHOLE_ROW = Set.of(AreaFlag.UNPURGED, AreaFlag.VM_MAP_RAM);

  @Property
  void parsing_a_printed_64_bit_row_gives_the_area(
      @ForAll("areas") VmallocArea area, @ForAll boolean barePhys, @ForAll long start) {
    RowForm form = barePhys ? RowForm.BITS_64_BARE_PHYS : RowForm.BITS_64;
    long shown = start == 0 ? 4096 : start;

    assertReads(at(area, shown, shown + area.size()), form, AddressMode.REAL);
  }

  @Property
  void parsing_a_printed_32_bit_row_gives_the_area(
      @ForAll("areas") VmallocArea area, @ForAll boolean barePhys, @ForAll("words32") long start) {
    RowForm form = barePhys ? RowForm.BITS_32_BARE_PHYS : RowForm.BITS_32;
    VmallocArea small = sized(area, 1 + area.size() % 0x7fffffffL);

    long end = start + small.size() & 0xffffffffL;
    assertReads(at(small, start, end), form, AddressMode.REAL);
  }

  @Property
  void parsing_a_printed_hashed_row_gives_the_area(
      @ForAll("areas") VmallocArea area,
      @ForAll("words32") long start,
      @ForAll("words32") long end) {
    // Hashes that happen to be as far apart as the size prove themselves to be addresses.
    Assume.that(end - (start | 1) != area.size());
    assertReads(at(area, start | 1, end), RowForm.BITS_64, AddressMode.HASHED);
  }

  @Property
  void parsing_a_printed_hidden_row_gives_the_area(
      @ForAll("areas") VmallocArea area, @ForAll boolean placeholder, @ForAll boolean wide) {
    RowForm form = new RowForm(wide ? 16 : 8, placeholder, 16);

    AddressMode mode = placeholder ? AddressMode.PLACEHOLDER : AddressMode.ZEROED;
    assertReads(at(area, 0, 0), form, mode);
  }

  @Provide
  Arbitrary<Long> words32() {
    return Arbitraries.longs().between(1, 0xffffffffL);
  }

  @Provide
  Arbitrary<VmallocArea> areas() {
    return Arbitraries.oneOf(ordinary(), wholeRow());
  }

  private static Arbitrary<VmallocArea> wholeRow() {
    return Combinators.combine(sizes(), Arbitraries.of(WHOLE_ROW))
        .as(
            (size, flag) ->
                new VmallocArea(
                    0, size, size, Caller.NONE, 0, 0, Set.of(flag), List.of(), new TreeMap<>()));
  }

  private static Arbitrary<VmallocArea> ordinary() {
    return Combinators.combine(
            sizes(),
            callers(),
            Arbitraries.longs().between(0, 1L << 31),
            Arbitraries.longs(),
            Arbitraries.of(AreaFlag.class).filter(flag -> !WHOLE_ROW.contains(flag)).set(),
            words(),
            nodes())
        .as(
            (size, caller, pages, phys, flags, words, nodes) ->
                new VmallocArea(
                    0,
                    size,
                    size,
                    caller,
                    Math.min(pages, size >>> 12),
                    phys,
                    flags,
                    caller.equals(Caller.NONE) ? List.of() : words,
                    nodes));
  }

  private static Arbitrary<Long> sizes() {
    return Arbitraries.longs().between(1, 999_999_999_999_999_999L);
  }

  private static Arbitrary<Caller> callers() {
    Arbitrary<String> symbol =
        Arbitraries.strings()
            .withCharRange('a', 'z')
            .withCharRange('A', 'Z')
            .withChars("_.$")
            .ofMinLength(2)
            .ofMaxLength(511);
    Arbitrary<String> suffix =
        Arbitraries.of("", ".isra.0", ".constprop.0.part.7", ".cold", ".llvm.77231");
    Arbitrary<String> module = Arbitraries.of("", " [ttm]", " [hv_netvsc]", " [nfs(OE)]");
    Arbitrary<String> offset =
        Combinators.combine(hex(15), hex(15)).as((at, of) -> "+0x" + at + "/0x" + of);
    Arbitrary<String> named =
        Combinators.combine(symbol, suffix, Arbitraries.oneOf(offset, Arbitraries.just("")), module)
            .as((name, end, where, brackets) -> name + end + where + brackets)
            .filter(text -> !NO_FUNCTIONS.contains(text.split(" ")[0]));
    Arbitrary<String> raw = hex(16).map(digits -> "0x" + digits);
    return Arbitraries.oneOf(named, raw)
        .map(Caller::parse)
        .filter(caller -> caller.isPresent())
        .map(caller -> caller.get())
        .injectNull(0.05)
        .map(caller -> caller == null ? Caller.NONE : caller);
  }

  private static Arbitrary<String> hex(int digits) {
    return Arbitraries.strings()
        .withCharRange('0', '9')
        .withCharRange('a', 'f')
        .ofMinLength(1)
        .ofMaxLength(digits);
  }

  private static Arbitrary<List<String>> words() {
    return Arbitraries.of("xen", "huge=1", "order=0x9", "Node", "Nx=1", "cold-page", "a=b=c")
        .list()
        .ofMaxSize(3);
  }

  private static Arbitrary<SortedMap<Integer, Long>> nodes() {
    return Arbitraries.maps(
            Arbitraries.integers().between(0, 1023), Arbitraries.longs().between(0, 1L << 40))
        .ofMaxSize(150)
        .map(TreeMap::new);
  }

  private static VmallocArea at(VmallocArea area, long start, long end) {
    return new VmallocArea(
        start,
        end,
        area.size(),
        area.caller(),
        area.pages(),
        area.phys(),
        area.flags(),
        area.words(),
        area.pagesByNode());
  }

  private static VmallocArea sized(VmallocArea area, long size) {
    return new VmallocArea(
        area.start(),
        area.end(),
        size,
        area.caller(),
        Math.min(area.pages(), size >>> 12),
        area.phys(),
        area.flags(),
        area.words(),
        area.pagesByNode());
  }

  private static void assertReads(VmallocArea area, RowForm form, AddressMode mode) {
    AreaTable table = Captures.parse(area.format(form) + "\n");

    assertThat(table.malformedLines()).isEmpty();
    assertThat(table.area(0)).isEqualTo(area);
    assertThat(table.area(0).format(form)).isEqualTo(area.format(form));
    assertThat(table.mode()).isEqualTo(mode);

    // With the caller known and bytes behind, the row takes the short way if it is a usual one.
    byte[] again =
        (area.format(form) + "\n" + "-".repeat(UsualRows.REACH) + "\n")
            .getBytes(StandardCharsets.US_ASCII);
    VmallocinfoParser parser = new VmallocinfoParser(ParserLimits.unlimited());
    parser.parse(again, again.length, table);
    parser.parse(again, again.length, table);

    assertThat(table.rows()).isEqualTo(1);
    assertThat(table.area(0)).isEqualTo(area);
    assertThat(table.mode()).isEqualTo(mode);
  }
}
