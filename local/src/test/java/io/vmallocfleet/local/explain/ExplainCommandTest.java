/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.vmallocfleet.local.view.Look;
import io.vmallocfleet.local.view.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ExplainCommandTest {
  private static final Path CAPTURES = Path.of("../agent/src/test/resources/captures");
  private static final String REAL = capture("x86_64_6.18_kptr1_real_rebased.txt");
  private static final String HASHED = capture("x86_64_6.18_kptr0_hashed.txt");
  private static final String ZEROED = capture("x86_64_6.18_kptr1_nocapsyslog.txt");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void a_file_is_explained() {
    assertThat(run(REAL)).isZero();

    assertThat(out.toString())
        .startsWith(REAL + "\nMemory used       14.3 MiB")
        .contains("PURPOSE")
        .endsWith("--json for scripts.\n");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void standard_input_is_explained() throws IOException {
    try (InputStream file = Files.newInputStream(Path.of(HASHED))) {
      assertThat(run(file, "-")).isZero();
    }

    assertThat(out.toString())
        .startsWith("standard input\n")
        .contains("Addresses           hashed");
  }

  @Test
  void a_hole_and_a_map_come_without_the_summary() {
    assertThat(run(REAL, "--between", "ffffc9000000a000", "0xffffc9000000c000", "--map")).isZero();

    assertThat(out.toString())
        .startsWith("lower  0xffffc90000008000-0xffffc9000000b000")
        .contains("A hole of 4 KiB (4096 bytes).")
        .contains("vmalloc, from 0xffffc90000000000: a cell is 128 KiB")
        .doesNotContain("PURPOSE");
  }

  @Test
  void ranges_as_printed_name_areas() {
    assertThat(
            run(
                REAL,
                "--between",
                "0xffffc90000000000-0xffffc90000005000",
                "0xffffc90000005000-0xffffc90000007000"))
        .isZero();

    assertThat(out.toString()).contains("No hole: the upper area begins where the lower one ends.");
  }

  @Test
  void hidden_addresses_are_1_and_how_to_see_them() {
    assertThat(run(HASHED, "--map")).isEqualTo(1);
    assertThat(run(ZEROED, "--between", "0x1", "0x2")).isEqualTo(1);

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .contains("shows no addresses, so no map can be drawn: each address is shown as a hash")
        .contains("shows no addresses, so no hole can be explained: each address is shown as 0")
        .contains("sysctl kernel.kptr_restrict=1");
  }

  @Test
  void what_is_no_address_is_2() {
    assertThat(run(REAL, "--between", "here", "there")).isEqualTo(2);

    assertThat(err.toString()).startsWith("--between \"here\": expected an address such as");
  }

  @Test
  void nothing_to_read_is_1() {
    assertThat(run("/nowhere")).isEqualTo(1);

    assertThat(err.toString()).startsWith("vmalloc-fleet: /nowhere does not exist");
  }

  @Test
  void json_is_one_document() throws IOException {
    assertThat(run(REAL, "--json", "--lines", "--between", "ffffc9000000a000", "ffffc9000000c000"))
        .isZero();

    int depth = 0;
    int documents = 0;
    try (JsonParser json = new JsonFactory().createParser(out.toString())) {
      while (json.nextToken() != null) {
        depth +=
            json.currentToken().isStructStart() ? 1 : json.currentToken().isStructEnd() ? -1 : 0;
        documents += depth == 0 ? 1 : 0;
      }
    }
    assertThat(documents).isEqualTo(1);
    assertThat(out.toString())
        .contains("\"addressMode\" : \"REAL\"")
        .contains("\"memoryBytes\" : 14970880")
        .contains("\"family\" : \"kernel-stacks\"")
        .contains("\"cause\" : \"ALIGNMENT\"")
        .contains("\"start\" : \"0xffffffffc0000000\"");
  }

  @Test
  void json_has_no_addresses_and_no_holes_where_the_file_has_none() {
    assertThat(run(ZEROED, "--json", "--lines")).isZero();

    assertThat(out.toString()).contains("\"holes\" : null").doesNotContain("\"start\"");
  }

  private int run(String... args) {
    return run(InputStream.nullInputStream(), args);
  }

  private int run(InputStream standardInput, String... args) {
    var terminal =
        new Terminal(
            new PrintStream(PrintStream.nullOutputStream()),
            false,
            new Look(false, false),
            () -> new Terminal.Size(80, 24));
    return new CommandLine(new ExplainCommand(standardInput, () -> terminal))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  private static String capture(String name) {
    return CAPTURES.resolve(name).toString();
  }
}
