/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.agent.vmallocinfo.AddressMode;
import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import io.vmallocfleet.agent.vmallocinfo.CallSites;
import io.vmallocfleet.agent.vmallocinfo.ParserLimits;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoParser;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ChurnTest {
  private static final List<String> CALLERS =
      List.of("kernel_clone+0x94/0x3e0 vmalloc", "load_module+0x1/0x2 [nf] vmalloc", "");

  private final VmallocinfoParser parser = new VmallocinfoParser(ParserLimits.longRunning());
  private final Churn churn = new Churn();

  @Test
  void counts_what_came_and_went_by_caller() {
    churn(
        """
        0xf1000000-0xf1005000   20480 kernel_clone+0x94/0x3e0 pages=4 vmalloc
        0xf1010000-0xf1015000   20480 kernel_clone+0x94/0x3e0 pages=4 vmalloc
        0xf1020000-0xf1025000   20480 gone+0x1/0x2 pages=4 vmalloc
        """);

    assertThat(
            churn(
                """
                0xf1000000-0xf1005000   20480 kernel_clone+0x94/0x3e0 pages=4 vmalloc
                0xf1010000-0xf1015000   20480 unpurged vm_area
                0xf1020000-0xf1022000    8192 kernel_clone+0x94/0x3e0 pages=1 vmalloc
                """))
        .isEqualTo(Map.of("", "+1 -0", "kernel_clone", "+1 -1", "gone", "+0 -1"));
  }

  @Test
  void the_first_snapshot_and_the_first_after_a_blind_one_count_nothing() {
    String row = "0xf1000000-0xf1005000   20480 kernel_clone+0x94/0x3e0 pages=4 vmalloc\n";
    String other = "0xf2000000-0xf2005000   20480 kernel_clone+0x94/0x3e0 pages=4 vmalloc\n";

    assertThat(churn(row)).isEmpty();
    assertThat(churn("")).isEmpty();
    assertThat(churn(other)).isEmpty();
    assertThat(churn(row)).isEqualTo(Map.of("kernel_clone", "+1 -1"));
  }

  @Test
  void a_hash_is_never_compared_with_an_address() {
    churn("0xf1000000-0xf1005000   20480 kernel_clone+0x94/0x3e0 pages=4 vmalloc\n");

    String hashed =
        """
        0x00000000f1000000-0x0000000012345678   20480 kernel_clone+0x94/0x3e0 pages=4 vmalloc
        0x0000000099999999-0x0000000012345679   20480 kernel_clone+0x94/0x3e0 pages=4 vmalloc
        """;
    assertThat(parse(hashed).mode()).isEqualTo(AddressMode.HASHED);
    assertThat(churn(hashed)).isEmpty();
  }

  @Test
  void rows_without_identity_count_nothing() {
    String zeroed = "0x00000000-0x00000000   20480 kernel_clone+0x94/0x3e0 pages=4 vmalloc\n";

    assertThat(churn(zeroed)).isEmpty();
    assertThat(churn(zeroed + zeroed)).isEmpty();
  }

  @Test
  void callers_of_a_dictionary_that_started_afresh_are_not_mixed_up() {
    var small = new VmallocinfoParser(new ParserLimits(5, 1));
    String row = "0xf1000000-0xf1005000   20480 %s+0x94/0x3e0 pages=4 vmalloc\n";
    churn(churn, parse(small, row.formatted("a")));
    churn(churn, parse(small, row.formatted("b"))); // overflows: the next file has a new dictionary

    assertThat(churn(churn, parse(small, row.formatted("c")))).isEmpty();
  }

  @Property
  void agrees_with_sets_over_a_run_of_snapshots(
      @ForAll("files") List<List<String>> files, @ForAll boolean hashed) {
    String starts = hashed ? "00000000f7" : "ffffc900f0";
    String ends = hashed ? "00000000f0" : "ffffc900f0";
    var fresh = new Churn();
    Set<List<Object>> before = null;
    AddressMode modeBefore = null;
    for (List<String> rows : files) {
      AreaTable table = parse(String.join("", rows).formatted(starts, ends));

      Map<String, String> counted = churn(fresh, table);

      Set<List<Object>> now = identities(table);
      boolean comparable = table.mode().identifiesAreas() && table.mode() == modeBefore;
      assertThat(counted).isEqualTo(comparable ? reference(before, now) : Map.of());
      before = now;
      modeBefore = table.mode();
    }
  }

  /** The same few places and callers over and over, so that much stays and much goes. */
  @Provide
  Arbitrary<List<List<String>>> files() {
    Arbitrary<String> row =
        Combinators.combine(
                Arbitraries.integers().between(0, 40),
                Arbitraries.integers().between(1, 2),
                Arbitraries.of(CALLERS))
            .as(
                (place, pages, caller) ->
                    "0x%%1$s%03x000-0x%%2$s%03x000 %d %s%n"
                        .formatted(
                            place,
                            place + pages,
                            pages * 4096,
                            caller.isEmpty() ? "unpurged vm_area" : caller));
    return row.list().ofMaxSize(60).list().ofMinSize(2).ofMaxSize(5);
  }

  private static Map<String, String> reference(Set<List<Object>> before, Set<List<Object>> now) {
    var changes = new TreeMap<String, String>();
    var callers = new HashSet<String>();
    before.forEach(area -> callers.add((String) area.get(3)));
    now.forEach(area -> callers.add((String) area.get(3)));
    for (String caller : callers) {
      long added = now.stream().filter(a -> a.get(3).equals(caller) && !before.contains(a)).count();
      long removed =
          before.stream().filter(a -> a.get(3).equals(caller) && !now.contains(a)).count();
      if (added + removed > 0) {
        changes.put(caller, "+%d -%d".formatted(added, removed));
      }
    }
    return changes;
  }

  private static Set<List<Object>> identities(AreaTable table) {
    return IntStream.range(0, table.rows())
        .mapToObj(
            row ->
                List.<Object>of(
                    table.start(row),
                    table.end(row),
                    table.size(row),
                    table.callSites().caller(table.callSite(row)).function()))
        .collect(Collectors.toSet());
  }

  private Map<String, String> churn(String text) {
    return churn(churn, parse(text));
  }

  private static Map<String, String> churn(Churn churn, AreaTable table) {
    churn.compare(table);
    var changes = new TreeMap<String, String>();
    for (int site = CallSites.NONE; site < churn.callSites(); site++) {
      if (churn.added(site) + churn.removed(site) > 0) {
        changes.put(
            table.callSites().caller(site).function(),
            "+%d -%d".formatted(churn.added(site), churn.removed(site)));
      }
    }
    return changes;
  }

  private AreaTable parse(String text) {
    return parse(parser, text);
  }

  private static AreaTable parse(VmallocinfoParser parser, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return parser.parse(bytes, bytes.length);
  }
}
