/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens to a file, the parser says the same of it as the reference parser. */
class CorruptionTest {

  private static final String ALPHABET =
      "0123456789abcdefxN=[]()+-/_. \t\r\n<>ABFXpvmu$\u0000\u007f\u0080\u00a0\u00ff";

  private static final List<String> REAL = pieces(Captures.bundled(Captures.BUNDLED.get(0)));

  private static final List<String> ODD =
      List.of(
          "0xffffc2000034a000-0xffffc2000034d000   12288 xt_alloc_table_info+0xfe/0x130 [x_tables]"
              + " pages=2 vmalloc N3=2\n",
          "0xf2a81000-0xf2d90000 3207168 alloc_tag_init+0xdc/0x6f4 pages=6 vmalloc\n",
          "0xece7c000-0xece7e000    8192 unpurged vm_area\n",
          "0xece7e000-0xece83000   20480 vm_map_ram\n",
          "0xd3916000-0xd3959000  274432 0xbf08e26c pages=66 vmalloc\n",
          "0x(____ptrval____)-0x(____ptrval____)   20480 0xb8b8000100f75fc pages=4 vmalloc N0=4\n",
          "0x(ptrval)-0x(ptrval)    8192 _mpic_map_mmio.constprop.0+0x20/0x44 phys=0x80041000"
              + " ioremap\n",
          "0x0000000000000000-0x0000000000000000   69632 of_iomap+0x78/0xb0 phys=17a00000"
              + " ioremap\n",
          "0x00000000311809f9-0x00000000cc267ecd   36864 seq_read+0x131/0x400 pages=8 vmalloc user"
              + " N0=4 N1=4\n",
          "0xf1000000-0xf1002000    8192\n",
          "0xf1000000-0xf1002000    8192 dma-coherent sparse\n",
          "0xf1000000-0xf1002000    8192 map_lowmem+0x0/0x240 lowmem xen key=value\r\n",
          "pages=5 vmalloc\n",
          "\n");

  /** What {@link UsualRows} reads; a corrupted one stands between others in the tests. */
  private static final List<String> USUAL =
      List.of(
          "0xffffb3c1c0016000-0xffffb3c1c001b000   20480 dup_task_struct+0x4a/0x1b0 pages=4 vmalloc"
              + " N0=3 N1=1\n",
          "0xffffb3c1c000b000-0xffffb3c1c000d000    8192 hpet_enable+0x37/0x2b8"
              + " phys=0x00000000fed00000 ioremap\n",
          "0xffffb3c1c0d20000-0xffffb3c1d0d21000 268439552 vmw_bo_map+0x75/0xa0 [vmwgfx] pages=65536"
              + " vmalloc user vpages N0=65536\n",
          "0xffffb3c1c0009000-0xffffb3c1c000b000    8192 unpurged vm_area\n",
          "0xffffb3c1c000d000-0xffffb3c1c000f000    8192 vm_map_ram\n",
          "0xffffb3c1c0010000-0xffffb3c1c0015000   20480 map_irq_stack+0x93/0xe0 vmap\n");

  @Property(tries = 3000)
  void agrees_with_the_reference_on_corrupted_files(@ForAll long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    int lines = 1 + random.nextInt(12);
    for (int i = 0; i < lines; i++) {
      List<String> source = random.nextInt(3) == 0 ? REAL : ODD;
      text.append(source.get(random.nextInt(source.size())));
    }
    int corruptions = random.nextInt(6);
    for (int i = 0; i < corruptions && text.length() > 0; i++) {
      corrupt(text, random);
    }

    Agreement.check(text.toString());
  }

  @Test
  void agrees_with_the_reference_on_a_file_cut_at_any_byte() {
    String text = String.join("", ODD) + String.join("", REAL.subList(0, 5));

    for (int length = 0; length <= text.length(); length++) {
      Agreement.check(text.substring(0, length));
    }
  }

  @Test
  void agrees_with_the_reference_on_each_line_cut_at_any_byte_before_its_newline() {
    for (String line : ODD) {
      for (int length = 0; length < line.length(); length++) {
        Agreement.check(REAL.get(0) + line.substring(0, length) + "\n" + REAL.get(1));
      }
    }
  }

  @Test
  void agrees_with_the_reference_on_usual_rows_with_any_one_byte_changed_put_in_or_left_out() {
    agreesOnRowsWithOneByteWrong(USUAL);
  }

  @Test
  void agrees_with_the_reference_on_such_rows_where_addresses_do_not_prove_the_size() {
    agreesOnRowsWithOneByteWrong(USUAL.stream().map(CorruptionTest::hashed).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "      0 dup_task_struct+0x4a/0x1b0 vmalloc",
        "        20480 dup_task_struct+0x4a/0x1b0 vmalloc",
        "999999999999999999 dup_task_struct+0x4a/0x1b0 vmalloc",
        "9999999999999999999 dup_task_struct+0x4a/0x1b0 vmalloc",
        "  20480 dup_task_struct+0x4a/0x1b0 pages=0000000000000000004 vmalloc",
        "  20480 dup_task_struct+0x4a/0x1b0 pages=18446744073709551620 vmalloc",
        "  20480 dup_task_struct+0x4a/0x1b0 pages=6 vmalloc",
        "  20480 dup_task_struct+0x4a/0x1b0 vmalloc N4294967296=1",
        "  20480 dup_task_struct+0x4a/0x1b0 vmalloc N0=18446744073709551617",
        "  20480 dup_task_struct+0x4a/0x1b0 [m] vmalloc",
        "  20480 dup_task_struct+0x4a/0x1b01 vmalloc"
      })
  void agrees_with_the_reference_on_numbers_at_the_edge_behind_a_known_caller(String rest) {
    String behind = USUAL.get(0) + USUAL.get(1) + USUAL.get(2);

    Agreement.check(behind + "0xffffb3c1c0000000-0xffffb3c1c0000000 " + rest + "\n" + behind);
    Agreement.check(behind + "0x0000000000000000-0x0000000000000000 " + rest + "\n" + behind);
  }

  private static void agreesOnRowsWithOneByteWrong(List<String> rows) {
    String before = rows.get(0);
    String behind = rows.get(1) + rows.get(2);
    for (String row : rows) {
      for (int at = 0; at < row.length(); at++) {
        String head = before + row.substring(0, at);
        Agreement.check(head + row.substring(at + 1) + behind);
        for (char other : ALPHABET.toCharArray()) {
          Agreement.check(head + other + row.substring(at + 1) + behind);
          Agreement.check(head + other + row.substring(at) + behind);
        }
      }
    }
  }

  private static String hashed(String row) {
    return row.replace("ffffb3c1", "00000000").replaceFirst("000-0x", "123-0x");
  }

  private static void corrupt(StringBuilder text, Random random) {
    int at = random.nextInt(text.length());
    char other = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
    switch (random.nextInt(5)) {
      case 0 -> text.setCharAt(at, other);
      case 1 -> text.deleteCharAt(at);
      case 2 -> text.insert(at, other);
      case 3 -> text.delete(at, Math.min(text.length(), at + random.nextInt(40)));
      default -> {
        int end = Math.min(text.length(), at + random.nextInt(60));
        text.insert(random.nextInt(text.length()), text.substring(at, end));
      }
    }
  }

  private static List<String> pieces(String text) {
    return text.lines().map(line -> line + "\n").collect(Collectors.toList());
  }
}
