/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import io.vmallocfleet.agent.vmallocinfo.ParserLimits;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoParser;
import io.vmallocfleet.schemas.Area;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.VmallocSnapshot;
import io.vmallocfleet.schemas.snapshot.AddressMode;
import io.vmallocfleet.schemas.snapshot.HostBudget;
import io.vmallocfleet.schemas.snapshot.HostIdentity;
import io.vmallocfleet.schemas.snapshot.SnapshotHeader;
import io.vmallocfleet.schemas.snapshot.SpoolOccupancy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SnapshotEncoderTest {
  private final VmallocinfoParser parser = new VmallocinfoParser(ParserLimits.longRunning());
  private final SnapshotEncoder encoder = new SnapshotEncoder(true);
  private final Churn churn = new Churn();

  @Test
  void real_addresses_become_windows_and_gaps() {
    // As Linux 6.9 and later print it: one ascending run a vmap node, modules behind, then
    // unpurged.
    VmallocSnapshot snapshot =
        encode(
            """
            0xffffc90000000000-0xffffc90000005000   20480 kernel_clone+0x94/0x3e0 pages=4 vmalloc N0=4
            0xffffc90000010000-0xffffc90000012000    8192 acpi_os_map_iomem+0x1bc/0x1e0 phys=0x00000000fed00000 ioremap
            0xffffe8ffffc00000-0xffffe8ffffe00000 2097152 pcpu_get_vm_areas+0x0/0x580 vmalloc
            0xffffffffc0200000-0xffffffffc0205000   20480 load_module+0xc0c/0x2c0c [nf_tables] pages=4 vmalloc N0=4
            0xffffc90000005000-0xffffc9000000a000   20480 kernel_clone+0x94/0x3e0 pages=4 vmalloc N0=3 N1=1
            0xffffffffc0210000-0xffffffffc0212000    8192 load_module+0xc0c/0x2c0c [nf_tables] pages=1 vmalloc N0=1
            0xffffc90000014000-0xffffc90000019000   20480 unpurged vm_area
            """);

    assertThat(areas(snapshot))
        .containsExactly(
            "kernel_clone VMALLOC -1 20480",
            "kernel_clone VMALLOC 0 20480",
            "acpi_os_map_iomem VMALLOC 24576 8192",
            "- VMALLOC 8192 20480",
            // 0xffffe8ffffc00000 - 0xffffc90000019000
            "pcpu_get_vm_areas PERCPU 35184367792128 2097152",
            "load_module [nf_tables] MODULES -1 20480",
            "load_module [nf_tables] MODULES 45056 8192");
    assertThat(snapshot.getAreas().get(2).getPhys()).isEqualTo(0xfed00000L);
    assertThat(snapshot.getAreas().get(1).getNuma())
        .extracting(n -> n.getNode() + ":" + n.getPages())
        .containsExactly("0:3", "1:1");
    assertThat(snapshot.getCallSites()).hasSize(4);
  }

  @Test
  void modules_below_the_vmalloc_area_have_their_own_window() {
    VmallocSnapshot snapshot =
        encode(
            """
            0xf1000000-0xf1005000   20480 kernel_clone+0xbc/0x2e4 pages=4 vmalloc
            0xbea20000-0xbea22000    8192 load_module+0x12ac/0x2318 pages=1 vmalloc
            0xbea24000-0xbea40000  114688 load_module+0x12ac/0x2318 pages=27 vmalloc
            """);

    assertThat(areas(snapshot))
        .containsExactly(
            "load_module MODULES -1 8192",
            "load_module MODULES 8192 114688",
            "kernel_clone VMALLOC -1 20480");
  }

  @Test
  void modules_among_the_other_areas_have_none() {
    VmallocSnapshot snapshot =
        encode(
            """
            0xf1000000-0xf1002000    8192 load_module+0x12ac/0x2318 pages=1 vmalloc
            0xf1002000-0xf1007000   20480 kernel_clone+0xbc/0x2e4 pages=4 vmalloc
            """);

    assertThat(areas(snapshot))
        .containsExactly("load_module VMALLOC -1 8192", "kernel_clone VMALLOC 0 20480");
  }

  @Test
  void rows_that_are_hidden_or_no_allocation_are_nobodys_neighbour() {
    VmallocSnapshot snapshot =
        encode(
            """
            0x00000000-0x00000000   20480 hidden+0x1/0x2 pages=4 vmalloc
            0xc0000000-0xc7a00000 127926272 map_lowmem+0x0/0x240 phys=80000000 lowmem
            0xf1000000-0xf1002000    8192 a+0x1/0x2 pages=1 vmalloc
            0xf1002000-0xf1007000   20480 b+0xbc/0x2e4 pages=4 vmalloc
            """);

    assertThat(areas(snapshot))
        .containsExactly(
            "hidden UNKNOWN -1 20480",
            "map_lowmem UNKNOWN -1 127926272",
            "a VMALLOC -1 8192",
            "b VMALLOC 0 20480");
  }

  @Test
  void hashed_areas_that_adjoin_are_chained() {
    VmallocSnapshot snapshot =
        encode(
            """
            0x00000000000000a1-0x00000000000000b2   20480 a+0x1/0x2 pages=4 vmalloc
            0x00000000000000d4-0x00000000000000e5   20480 d+0x1/0x2 pages=4 vmalloc
            0x00000000000000b2-0x00000000000000c3    8192 b+0x1/0x2 pages=1 vmalloc
            0x00000000000000c3-0x00000000000000ff    8192 c+0x1/0x2 pages=1 vmalloc
            """);

    assertThat(areas(snapshot))
        .containsExactly(
            "a UNKNOWN -1 20480", "b UNKNOWN 0 8192", "c UNKNOWN 0 8192", "d UNKNOWN -1 20480");
  }

  @Test
  void colliding_hashes_lose_no_row_and_chain_nothing_twice() {
    VmallocSnapshot snapshot =
        encode(
            """
            0x00000000000000a1-0x00000000000000b2   20480 a+0x1/0x2 pages=4 vmalloc
            0x00000000000000b2-0x00000000000000a1    8192 ring+0x1/0x2 pages=1 vmalloc
            0x00000000000000e5-0x00000000000000f6    8192 twin1+0x1/0x2 pages=1 vmalloc
            0x00000000000000e5-0x00000000000000f7   12288 twin2+0x1/0x2 pages=2 vmalloc
            0x00000000000000d4-0x00000000000000e5   20480 d+0x1/0x2 pages=4 vmalloc
            """);

    assertThat(areas(snapshot))
        .containsExactlyInAnyOrder(
            "a UNKNOWN -1 20480",
            "ring UNKNOWN 0 8192",
            "twin1 UNKNOWN -1 8192",
            "twin2 UNKNOWN -1 12288",
            "d UNKNOWN -1 20480");
  }

  @Test
  void zeroed_rows_keep_sizes_and_callers_only() {
    VmallocSnapshot snapshot =
        encode(
            """
            0x0000000000000000-0x0000000000000000   20480 kernel_clone+0x94/0x3e0 pages=4 vmalloc N0=4
            0x0000000000000000-0x0000000000000000   20480 kernel_clone+0x94/0x3e0 pages=4 vmalloc N0=4
            """);

    assertThat(areas(snapshot))
        .containsExactly("kernel_clone UNKNOWN -1 20480", "kernel_clone UNKNOWN -1 20480");
  }

  @Test
  void no_kernel_address_leaves_the_host() {
    String text =
        """
        0xffffc90000000000-0xffffc90000005000   20480 kernel_clone+0x94/0x3e0 pages=4 vmalloc N0=4
        0xffffc90000006000-0xffffc9000000b000   20480 0xffffffffc088c0d3 pages=4 vmalloc N0=4
        0xffffc9000000c000-0xffffc90000011000   20480 f+0x1/0x2 pages=4 vmalloc ptr=ffffffffc0c0ffee
        """;
    String bytes = new String(bytes(text), StandardCharsets.ISO_8859_1);
    VmallocSnapshot snapshot = encode(text);

    assertThat(bytes).doesNotContain("ffffc9", "ffffffffc", "c088c0d3", "c0c0ffee");
    assertThat(areas(snapshot))
        .containsExactly(
            "kernel_clone VMALLOC -1 20480",
            "unresolved VMALLOC 4096 20480",
            "f VMALLOC 4096 20480");
    assertThat(snapshot.getAreas().get(2).getWords()).containsExactly("ptr=xxxxxxxxxxxxxxxx");
  }

  @Test
  void physical_addresses_stay_at_home_if_told_to() throws Exception {
    var discreet = new SnapshotEncoder(false);
    byte[] text =
        "0xf1000000-0xf1002000    8192 of_iomap+0x1/0x2 phys=0xfed00000 ioremap\n".getBytes();

    VmallocSnapshot snapshot =
        new SingleObject<>(VmallocSnapshot.class)
            .decode(
                discreet.encode(
                    parser.parse(text, text.length),
                    new Churn(),
                    omitted -> header(AddressMode.REAL, omitted)));

    assertThat(snapshot.getAreas()).singleElement().extracting(Area::getPhys).isEqualTo(0L);
  }

  @Test
  void churn_names_callers_that_are_gone() {
    encode("0xf1000000-0xf1005000   20480 gone+0x94/0x3e0 pages=4 vmalloc\n");

    VmallocSnapshot snapshot =
        encode("0xf1000000-0xf1005000   20480 new+0x94/0x3e0 pages=4 vmalloc\n");

    assertThat(snapshot.getChurn())
        .extracting(
            c ->
                "%s +%d -%d"
                    .formatted(
                        snapshot.getCallSites().get(c.getCallSite()).getFunction(),
                        c.getAdded(),
                        c.getRemoved()))
        .containsExactly("gone +0 -1", "new +1 -0");
  }

  private VmallocSnapshot encode(String text) {
    try {
      return new SingleObject<>(VmallocSnapshot.class).decode(bytes(text));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private byte[] bytes(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    AreaTable table = parser.parse(bytes, bytes.length);
    assertThat(table.malformedLines()).isEmpty();
    return encoder.encode(
        table, churn, omitted -> header(AddressMode.valueOf(table.mode().name()), omitted));
  }

  private static SnapshotHeader header(AddressMode mode, int omitted) {
    return new SnapshotHeader(
        new HostIdentity("id", "host", "boot", "6.18", "#1", "x86_64", 4096, 2, Map.of()),
        "run",
        0,
        0,
        0,
        0,
        mode,
        "",
        0,
        0,
        0,
        List.of(),
        0,
        omitted,
        HostBudget.UNKNOWN,
        SpoolOccupancy.NONE);
  }

  private static List<String> areas(VmallocSnapshot snapshot) {
    return snapshot.getAreas().stream()
        .map(
            a -> {
              String caller = "-";
              if (a.getCallSite() >= 0) {
                var site = snapshot.getCallSites().get(a.getCallSite());
                caller =
                    site.getFunction()
                        + (site.getModule().isEmpty() ? "" : " [" + site.getModule() + "]");
              }
              return caller + " " + a.getRegion() + " " + a.getGap() + " " + a.getSize();
            })
        .toList();
  }
}
