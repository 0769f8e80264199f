/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExplainApiTest {
  private static final String REAL =
      """
      0xffffc90000000000-0xffffc90000005000   20480 kernel_clone+0x94/0x3e0 pages=4 vmalloc N0=4
      0xffffc90000008000-0xffffc9000000d000   20480 kernel_clone+0x94/0x3e0 pages=4 vmalloc N0=4
      0xffffc9000000d000-0xffffc9000000f000    8192 unpurged vm_area
      0xffffc90000010000-0xffffc90000015000   20480 kernel_clone+0x94/0x3e0 pages=4 vmalloc N0=4
      0xffffffffa0000000-0xffffffffa0201000 2101248 bpf_prog_pack_alloc+0x1/0x2 pages=512 vmalloc N0=512
      rubbish
      """;
  private static final String HASHED =
      """
      0x000000001111aaaa-0x000000002222bbbb   20480 kernel_clone+0x94/0x3e0 pages=4 vmalloc N0=4
      0x000000003333cccc-0x000000004444dddd    8192 n_tty_open+0x1/0x2 pages=1 vmalloc N0=1
      0x000000002222bbbb-0x000000003333cccc   20480 kernel_clone+0x94/0x3e0 pages=4 vmalloc N0=4
      0x000000005555eeee-0x000000006666ffff    8192 n_tty_open+0x1/0x2 pages=1 vmalloc N0=1
      """;

  private final TestServer server = new TestServer();

  @AfterEach
  void close() {
    server.close();
  }

  private static List<Long> longs(JsonNode array) {
    List<Long> values = new ArrayList<>();
    array.forEach(value -> values.add(value.asLong()));
    return values;
  }

  @Test
  void real_addresses_become_offsets_in_two_strips() {
    JsonNode file = TestServer.parse(server.post("/api/explain", REAL));

    JsonNode map = file.path("map");
    assertThat(map.path("strips").findValuesAsText("name")).containsExactly("vmalloc", "modules");
    assertThat(map.path("strips").get(0).path("base").asText()).isEqualTo("0xffffc90000000000");
    assertThat(map.path("strips").get(0).path("spanBytes").asLong()).isEqualTo(0x15000);
    assertThat(longs(map.path("offset"))).containsExactly(0L, 0x8000L, 0xd000L, 0x10000L, 0L);
    assertThat(longs(map.path("strip"))).containsExactly(0L, 0L, 0L, 0L, 1L);
    assertThat(file.path("holes").path("all").path("areas").asInt()).isEqualTo(2);
    assertThat(file.path("malformed").asInt()).isEqualTo(1);
    assertThat(file.path("malformedLines").get(0).path("text").asText()).isEqualTo("rubbish");
    assertThat(file.path("memoryBytes").asLong()).isEqualTo((3 * 4 + 512) * 4096);
  }

  @Test
  void a_hole_is_explained_from_the_text_alone() {
    JsonNode hole =
        TestServer.parse(
            server.post("/api/explain/hole?low=0xffffc90000005000&high=0xffffc90000008000", REAL));

    assertThat(hole.path("verdict").asText()).isEqualTo("HOLE");
    assertThat(hole.path("bytes").asLong()).isEqualTo(0x3000);
    assertThat(hole.path("reasons").findValuesAsText("cause")).contains("ALIGNMENT");
  }

  @Test
  void hashed_addresses_become_runs() {
    JsonNode map = TestServer.parse(server.post("/api/explain", HASHED)).path("map");

    assertThat(map.path("addressMode").asText()).isEqualTo("HASHED");
    assertThat(map.path("strips")).isEmpty();
    // Three areas adjoin by their hashes, one stands alone.
    assertThat(longs(map.path("run")).stream().distinct().count()).isEqualTo(2);
    assertThat(longs(map.path("size")).stream().mapToLong(Long::longValue).sum()).isEqualTo(57_344);
    var refused = server.post("/api/explain/hole?low=0x1&high=0x2", HASHED);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("addresses are HASHED");
  }

  @Test
  void what_is_too_large_or_nothing_is_refused() {
    assertThat(server.post("/api/explain", "").statusCode()).isEqualTo(400);
    var large = server.post("/api/explain", "x".repeat((int) ExplainApi.MOST_BYTES + 1));
    assertThat(large.statusCode()).isEqualTo(413);
  }

  @Test
  void text_that_is_no_such_file_is_an_answer_too() {
    JsonNode file = TestServer.parse(server.post("/api/explain", "<script>alert(1)</script>\n"));

    assertThat(file.path("areas").asInt()).isZero();
    assertThat(file.path("malformed").asInt()).isEqualTo(1);
  }

  @Test
  void one_after_another_is_fine_and_a_flood_is_not() {
    int refused = 0;
    for (int i = 0; i < 90; i++) {
      refused += server.post("/api/explain", REAL).statusCode() == 429 ? 1 : 0;
    }
    assertThat(refused).isBetween(1, 35);
  }
}
