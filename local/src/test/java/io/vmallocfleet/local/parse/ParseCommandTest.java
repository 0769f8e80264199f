/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vmallocfleet.agent.vmallocinfo.AreaFlag;
import io.vmallocfleet.agent.vmallocinfo.Caller;
import io.vmallocfleet.agent.vmallocinfo.RowForm;
import io.vmallocfleet.agent.vmallocinfo.VmallocArea;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ParseCommandTest {
  private static final Path CAPTURES = Path.of("../agent/src/test/resources/captures");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x86_64_5.8_ubuntu_vmware_jc_fixture.txt",
        "x86_64_6.18_kptr0_hashed.txt",
        "x86_64_6.18_kptr1_nocapsyslog.txt",
        "x86_64_6.18_kptr1_real_rebased.txt"
      })
  void the_json_of_every_row_gives_the_line_back(String capture) throws IOException {
    List<String> lines = Files.readAllLines(CAPTURES.resolve(capture));

    assertThat(run("", "--json", CAPTURES.resolve(capture).toString())).isZero();

    List<Map<String, Object>> rows = objects();
    assertThat(rows).hasSameSizeAs(lines);
    for (int i = 0; i < rows.size(); i++) {
      assertThat(printed(rows.get(i))).isEqualTo(lines.get(i));
      assertThat(rows.get(i)).containsEntry("line", (long) i + 1).containsEntry("malformed", false);
    }
  }

  @Test
  void hex_stands_as_the_kernel_printed_it() throws IOException {
    run(
        """
        0xf0800000-0xf0803000   12288 of_iomap+0xe4/0xec phys=fb21b000 ioremap
        0x(____ptrval____)-0x(____ptrval____)   20480 kernel_clone+0x94/0x3e0 pages=4 vmalloc N0=4
        0xffffc90000005000-0xffffc90000007000    8192 0xffffffffc088c0d3 pages=1 vmalloc N0=1
        """,
        "--json",
        "-");

    List<Map<String, Object>> rows = objects();
    assertThat(rows.get(0))
        .containsEntry("start", "0xf0800000")
        .containsEntry("phys", "fb21b000")
        .containsEntry("offset", "0xe4")
        .containsEntry("functionSize", "0xec")
        .containsEntry("pages", null);
    assertThat(rows.get(1)).containsEntry("end", "0x(____ptrval____)");
    assertThat(rows.get(2))
        .containsEntry("caller", "0xffffffffc088c0d3")
        .containsEntry("function", "unresolved");
  }

  @Test
  void a_malformed_line_is_there_with_its_reason() throws IOException {
    run(
        """
        0xffffc90000000000-0xffffc90000005000   20480 a+0x1/0x2 pages=4 vmalloc future cold=1 N0=3 N2=1
        not a row
        0xffffc90000005000-0xffffc90000007000    8192 b+0x1/0x2 [nfs] pages=1 vmalloc
        """,
        "--json",
        "-");

    assertThat(out.toString())
        .isEqualTo(
            """
            {"line":1,"start":"0xffffc90000000000","end":"0xffffc90000005000","size":20480,"caller":"a+0x1/0x2","function":"a","offset":"0x1","functionSize":"0x2","module":null,"pages":4,"phys":null,"flags":["vmalloc"],"unknown":["future","cold=1"],"numa":{"0":3,"2":1},"kind":"VMALLOC","malformed":false,"reason":null,"text":null}
            {"line":2,"start":null,"end":null,"size":null,"caller":null,"function":null,"offset":null,"functionSize":null,"module":null,"pages":null,"phys":null,"flags":[],"unknown":[],"numa":{},"kind":null,"malformed":true,"reason":"\\"not\\" is not an address range such as 0xffffc90000000000-0xffffc90000004000","text":"not a row"}
            {"line":3,"start":"0xffffc90000005000","end":"0xffffc90000007000","size":8192,"caller":"b+0x1/0x2 [nfs]","function":"b","offset":"0x1","functionSize":"0x2","module":"nfs","pages":1,"phys":null,"flags":["vmalloc"],"unknown":[],"numa":{},"kind":"VMALLOC","malformed":false,"reason":null,"text":null}
            """);
  }

  @Test
  void a_repeated_row_is_there_with_its_reason() throws IOException {
    String row = "0xf1000000-0xf1005000   20480 kernel_clone+0xbc/0x2e4 pages=4 vmalloc\n";

    run(row + row, "--json", "-");

    assertThat(objects()).hasSize(2);
    assertThat(objects().get(1))
        .containsEntry("line", 2L)
        .containsEntry("malformed", false)
        .containsEntry("reason", "the row repeats an earlier one, as kernels before 6.9 do");
  }

  @Test
  void without_json_it_tells_what_is_wrong() {
    assertThat(run("nonsense\n", "-")).isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            line 1: "nonsense" is not an address range such as 0xffffc90000000000-0xffffc90000004000: "nonsense"
            standard input: 1 lines = 0 rows + 1 malformed + 0 repeated; addresses are unknown
            """);
  }

  @Test
  void nothing_to_read_is_1_and_says_why(@TempDir Path directory) {
    assertThat(run("", "-")).isEqualTo(1);
    assertThat(run("", directory.toString())).isEqualTo(1);
    assertThat(run("", directory.resolve("missing").toString())).isEqualTo(1);

    assertThat(err.toString().lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .isEqualTo(
                        "vmalloc-fleet: standard input is empty: expected the text of"
                            + " /proc/vmallocinfo"),
            line -> assertThat(line).contains("is a directory: name a file"),
            line -> assertThat(line).contains("missing does not exist"));
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void more_than_any_kernel_prints_is_refused(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("large"), "x".repeat(101));
    String message =
        " is larger than 100 bytes, far more than any kernel prints: is it the text of"
            + " /proc/vmallocinfo?";

    assertThatThrownBy(() -> VmallocinfoText.read(file.toString(), input(""), 100))
        .hasMessage(file + message);
    assertThatThrownBy(() -> VmallocinfoText.read("-", input("x".repeat(101)), 100))
        .hasMessage("standard input" + message);
    assertThat(VmallocinfoText.read("-", input("x".repeat(100)), 100).length()).isEqualTo(100);
  }

  private int run(String standardInput, String... args) {
    return new CommandLine(new ParseCommand(input(standardInput)))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  private static ByteArrayInputStream input(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The row as the kernel would print it, from nothing but its JSON. */
  private static String printed(Map<String, Object> row) {
    String start = (String) row.get("start");
    SortedMap<Integer, Long> numa = new TreeMap<>();
    ((Map<?, ?>) row.get("numa"))
        .forEach((node, pages) -> numa.put(Integer.valueOf((String) node), (Long) pages));
    List<?> flags = (List<?>) row.get("flags");
    Set<AreaFlag> known =
        Arrays.stream(AreaFlag.values())
            .filter(flag -> flags.contains(flag.word()))
            .collect(Collectors.toSet());
    var area =
        new VmallocArea(
            hex(start),
            hex((String) row.get("end")),
            (Long) row.get("size"),
            row.get("caller") == null
                ? Caller.NONE
                : Caller.parse((String) row.get("caller")).orElseThrow(),
            row.get("pages") == null ? 0 : (Long) row.get("pages"),
            row.get("phys") == null ? 0 : hex((String) row.get("phys")),
            known,
            ((List<?>) row.get("unknown")).stream().map(String.class::cast).toList(),
            numa);
    assertThat(area.kind().name()).isEqualTo(row.get("kind"));
    assertThat(area.caller().function())
        .isEqualTo(row.get("function") == null ? "" : row.get("function"));
    return area.format(new RowForm(start.length() - "0x".length(), false, 16));
  }

  private static long hex(String printed) {
    return Long.parseUnsignedLong(printed.replaceFirst("^0x", ""), 16);
  }

  private List<Map<String, Object>> objects() throws IOException {
    List<Map<String, Object>> objects = new ArrayList<>();
    try (JsonParser json = new JsonFactory().createParser(out.toString())) {
      while (json.nextToken() != null) {
        objects.add(object(json));
      }
    }
    return objects;
  }

  private static Map<String, Object> object(JsonParser json) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      fields.put(name, value(json));
    }
    return fields;
  }

  private static Object value(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case START_OBJECT -> object(json);
      case START_ARRAY -> {
        List<Object> values = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          values.add(value(json));
        }
        yield values;
      }
      case VALUE_NULL -> null;
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NUMBER_INT -> json.getLongValue();
      default -> json.getText();
    };
  }
}
