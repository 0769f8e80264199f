/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.schemas.AddressMode;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.Region;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScreenTest {
  static final FleetState REAL =
      Samples.oneHost(
          AddressMode.REAL,
          Samples.real(Region.VMALLOC, 34_000_000, 201, 7_561_216, 831_488),
          Samples.real(Region.MODULES, 4_400_000, 12, 900_000, 300_000));
  static final FleetState REAL_WITH_FINDINGS = Samples.withFindings(REAL);
  static final FleetState HASHED = Samples.oneHost(AddressMode.HASHED);
  static final FleetState FLEET_WITH_FINDINGS = Samples.withFindings(Samples.fleet(HASHED, 9));
  static final FleetState BLIND = FleetState.EMPTY.change().add(blind()).done();
  static final String WHY_SAMPLE =
      "/proc/vmallocinfo cannot be read (Permission denied): run as root";

  private static final Look PLAIN = new Look(false, true);

  private static HostWindow blind() {
    return Samples.host("vm-01", 2)
        .setAddressMode(AddressMode.UNKNOWN)
        .setWindows(List.of())
        .setBlind(
            "/proc/vmallocinfo cannot be read (Permission denied): run as root or with CAP_DAC_READ_SEARCH")
        .build();
  }

  private static String screen(FleetState state, int width, int height) {
    return screen(Samples.RUN, PLAIN, state, width, height);
  }

  private static String screen(Run run, Look look, FleetState state, int width, int height) {
    return String.join("\n", new Screen(run, look, Samples.CLOCK).lines(state, width, height))
        + "\n";
  }

  @Test
  void holes_are_a_table_where_addresses_are_shown() {
    assertThat(screen(REAL_WITH_FINDINGS, 80, 40))
        .isEqualTo(
            """
        vmalloc-fleet  web UI http://127.0.0.1:8081  Kafka 127.0.0.1:9092       up 2 min
        data /home/ada/.vmalloc-fleet             windows of 10 s, agent reads every 5 s
        SQL  ./vmalloc-fleet sql  or  jdbc:flink://127.0.0.1:8083

        THIS HOST  vm-01   kernel 6.18.44 x86_64   addresses shown
          window          12:00:20..12:00:30, ended 4 s ago, 3 windows so far
          memory held        8.8 MiB  of 23.2 GiB RAM     change +64.0 KiB
          address space     10.3 MiB  of 32.0 TiB         guard pages 1.5 MiB
          areas                  393  +4                  unpurged 35 (700.0 KiB)
          fragmentation         USED    HOLES    IN HOLES     LARGEST  UNUSABLE 1M    2M
            vmalloc         32.4 MiB      201     7.2 MiB   812.0 KiB          41%  100%
            modules          4.2 MiB       12   878.9 KiB   293.0 KiB          41%  100%

        CALLERS 12                             AREAS      MEMORY      CHANGE  ADDR SPACE
          kernel_clone                           194     3.0 MiB   +64.0 KiB     3.8 MiB
          alloc_large_system_hash                  9     2.7 MiB           0     2.8 MiB
          load_module                             31     2.4 MiB           0     2.5 MiB
          bpf_prog_alloc_no_stats                 64   256.0 KiB           0   512.0 KiB
          nf_tables_transaction… [nf_tables]       2   160.0 KiB           0   168.0 KiB
          htab_map_alloc                           3   124.0 KiB           0   136.0 KiB
          n_tty_open                               6    72.0 KiB           0    96.0 KiB
          xz_dec_lzma2_create                      1    32.0 KiB           0    36.0 KiB
          pcpu_create_chunk                        4         0 B           0    16.0 KiB
          acpi_os_map_iomem                       12         0 B           0    48.0 KiB
          vp_modern_map_capability                66         0 B           0   264.0 KiB
          memremap                                 1         0 B           0     4.0 KiB

        FINDINGS  2
          JUMP  kernel_clone on vm-01 rose by 16.0 KiB in one step at 12:00:20, from 3.0
                MiB, and stayed there.           1 window, first 12:00:20, last 12:00:30
          LEAK  htab_map_alloc on sim-07 holds 34.1 MiB and has kept growing since
                11:40:00, by 32.0 MiB so far, 12.0 MiB an hour.
                2 windows, first 12:00:10, last 12:00:30
        """);
  }

  @Test
  void a_wide_screen_gives_the_room_to_caller_names() {
    assertThat(screen(REAL, 120, 40))
        .isEqualTo(
            """
        vmalloc-fleet  web UI http://127.0.0.1:8081  Kafka 127.0.0.1:9092                                               up 2 min
        data /home/ada/.vmalloc-fleet                                                     windows of 10 s, agent reads every 5 s
        SQL  ./vmalloc-fleet sql  or  jdbc:flink://127.0.0.1:8083

        THIS HOST  vm-01   kernel 6.18.44 x86_64   addresses shown
          window          12:00:20..12:00:30, ended 4 s ago, 3 windows so far
          memory held        8.8 MiB  of 23.2 GiB RAM     change +64.0 KiB
          address space     10.3 MiB  of 32.0 TiB         guard pages 1.5 MiB
          areas                  393  +4                  unpurged 35 (700.0 KiB)
          fragmentation         USED    HOLES    IN HOLES     LARGEST  UNUSABLE 1M    2M
            vmalloc         32.4 MiB      201     7.2 MiB   812.0 KiB          41%  100%
            modules          4.2 MiB       12   878.9 KiB   293.0 KiB          41%  100%

        CALLERS 12                                               AREAS      MEMORY      CHANGE  ADDR SPACE
          kernel_clone                                             194     3.0 MiB   +64.0 KiB     3.8 MiB
          alloc_large_system_hash                                    9     2.7 MiB           0     2.8 MiB
          load_module                                               31     2.4 MiB           0     2.5 MiB
          bpf_prog_alloc_no_stats                                   64   256.0 KiB           0   512.0 KiB
          nf_tables_transaction_abort_all_and_more [nf_tables]       2   160.0 KiB           0   168.0 KiB
          htab_map_alloc                                             3   124.0 KiB           0   136.0 KiB
          n_tty_open                                                 6    72.0 KiB           0    96.0 KiB
          xz_dec_lzma2_create                                        1    32.0 KiB           0    36.0 KiB
          pcpu_create_chunk                                          4         0 B           0    16.0 KiB
          acpi_os_map_iomem                                         12         0 B           0    48.0 KiB
          vp_modern_map_capability                                  66         0 B           0   264.0 KiB
          memremap                                                   1         0 B           0     4.0 KiB

        FINDINGS  none so far
        """);
  }

  @Test
  void a_hashed_host_says_why_holes_are_unknown_and_a_low_screen_shows_fewer_callers() {
    assertThat(screen(HASHED, 80, 24))
        .isEqualTo(
            """
        vmalloc-fleet  web UI http://127.0.0.1:8081  Kafka 127.0.0.1:9092       up 2 min
        data /home/ada/.vmalloc-fleet             windows of 10 s, agent reads every 5 s
        SQL  ./vmalloc-fleet sql  or  jdbc:flink://127.0.0.1:8083

        THIS HOST  vm-01   kernel 6.18.44 x86_64   addresses hashed
          window          12:00:20..12:00:30, ended 4 s ago, 3 windows so far
          memory held        8.8 MiB  of 23.2 GiB RAM     change +64.0 KiB
          address space     10.3 MiB  of 32.0 TiB         guard pages 1.5 MiB
          areas                  393  +4                  unpurged 35 (700.0 KiB)
          fragmentation   unknown: addresses are hashed (kptr_restrict=0): 412 runs of
                          adjoining areas are known, hole sizes are not; sysctl
                          kernel.kptr_restrict=1 with CAP_SYSLOG shows them

        CALLERS 9 of 12                        AREAS      MEMORY      CHANGE  ADDR SPACE
          kernel_clone                           194     3.0 MiB   +64.0 KiB     3.8 MiB
          alloc_large_system_hash                  9     2.7 MiB           0     2.8 MiB
          load_module                             31     2.4 MiB           0     2.5 MiB
          bpf_prog_alloc_no_stats                 64   256.0 KiB           0   512.0 KiB
          nf_tables_transaction… [nf_tables]       2   160.0 KiB           0   168.0 KiB
          htab_map_alloc                           3   124.0 KiB           0   136.0 KiB
          n_tty_open                               6    72.0 KiB           0    96.0 KiB
          xz_dec_lzma2_create                      1    32.0 KiB           0    36.0 KiB
          pcpu_create_chunk                        4         0 B           0    16.0 KiB
        FINDINGS  none so far
        """);
  }

  @Test
  void more_than_one_host_is_a_fleet() {
    assertThat(screen(FLEET_WITH_FINDINGS, 120, 50))
        .isEqualTo(
            """
        vmalloc-fleet  web UI http://127.0.0.1:8081  Kafka 127.0.0.1:9092                                               up 2 min
        data /home/ada/.vmalloc-fleet                                                     windows of 10 s, agent reads every 5 s
        SQL  ./vmalloc-fleet sql  or  jdbc:flink://127.0.0.1:8083

        THIS HOST  vm-01   kernel 6.18.44 x86_64   addresses hashed
          window          12:00:20..12:00:30, ended 4 s ago, 3 windows so far
          memory held        8.8 MiB  of 23.2 GiB RAM     change +64.0 KiB
          address space     10.3 MiB  of 32.0 TiB         guard pages 1.5 MiB
          areas                  393  +4                  unpurged 35 (700.0 KiB)
          fragmentation   unknown: addresses are hashed (kptr_restrict=0): 412 runs of adjoining areas are known, hole sizes are
                          not; sysctl kernel.kptr_restrict=1 with CAP_SYSLOG shows them

        CALLERS 12                                               AREAS      MEMORY      CHANGE  ADDR SPACE
          kernel_clone                                             194     3.0 MiB   +64.0 KiB     3.8 MiB
          alloc_large_system_hash                                    9     2.7 MiB           0     2.8 MiB
          load_module                                               31     2.4 MiB           0     2.5 MiB
          bpf_prog_alloc_no_stats                                   64   256.0 KiB           0   512.0 KiB
          nf_tables_transaction_abort_all_and_more [nf_tables]       2   160.0 KiB           0   168.0 KiB
          htab_map_alloc                                             3   124.0 KiB           0   136.0 KiB
          n_tty_open                                                 6    72.0 KiB           0    96.0 KiB
          xz_dec_lzma2_create                                        1    32.0 KiB           0    36.0 KiB
          pcpu_create_chunk                                          4         0 B           0    16.0 KiB
          acpi_os_map_iomem                                         12         0 B           0    48.0 KiB
          vp_modern_map_capability                                  66         0 B           0   264.0 KiB
          memremap                                                   1         0 B           0     4.0 KiB

        FLEET  10 hosts   memory held 79.1 MiB   window 12:00:20..12:00:30
          CALLER 8                                  HOSTS     MEMORY   P50/HOST   P99/HOST  MOST ON
          kernel_clone                                 10   73.3 MiB    6.2 MiB   12.5 MiB  sim-09 14.1 MiB
          alloc_large_system_hash                       1    2.7 MiB    2.7 MiB    2.7 MiB  vm-01 2.7 MiB
          load_module                                   1    2.4 MiB    2.4 MiB    2.4 MiB  vm-01 2.4 MiB
          bpf_prog_alloc_no_stats                       1  256.0 KiB  256.0 KiB  256.0 KiB  vm-01 256.0 KiB
          nf_tables_transaction_abort_all_and_more      1  160.0 KiB  160.0 KiB  160.0 KiB  vm-01 160.0 KiB
          htab_map_alloc                                1  124.0 KiB  124.0 KiB  124.0 KiB  vm-01 124.0 KiB
          n_tty_open                                    1   72.0 KiB   72.0 KiB   72.0 KiB  vm-01 72.0 KiB
          xz_dec_lzma2_create                           1   32.0 KiB   32.0 KiB   32.0 KiB  vm-01 32.0 KiB

        FINDINGS  2
          JUMP  kernel_clone on vm-01 rose by 16.0 KiB in one step at 12:00:20, from 3.0 MiB, and stayed there.
                1 window, first 12:00:20, last 12:00:30
          LEAK  htab_map_alloc on sim-07 holds 34.1 MiB and has kept growing since 11:40:00, by 32.0 MiB so far, 12.0 MiB an
                hour.                                                                   2 windows, first 12:00:10, last 12:00:30
        """);
  }

  @Test
  void a_small_screen_shows_a_part_of_every_table() {
    assertThat(screen(FLEET_WITH_FINDINGS, 80, 30))
        .isEqualTo(
            """
        vmalloc-fleet  web UI http://127.0.0.1:8081  Kafka 127.0.0.1:9092       up 2 min
        data /home/ada/.vmalloc-fleet             windows of 10 s, agent reads every 5 s
        SQL  ./vmalloc-fleet sql  or  jdbc:flink://127.0.0.1:8083

        THIS HOST  vm-01   kernel 6.18.44 x86_64   addresses hashed
          window          12:00:20..12:00:30, ended 4 s ago, 3 windows so far
          memory held        8.8 MiB  of 23.2 GiB RAM     change +64.0 KiB
          address space     10.3 MiB  of 32.0 TiB         guard pages 1.5 MiB
          areas                  393  +4                  unpurged 35 (700.0 KiB)
          fragmentation   unknown: addresses are hashed (kptr_restrict=0): 412 runs of
                          adjoining areas are known, hole sizes are not; sysctl
                          kernel.kptr_restrict=1 with CAP_SYSLOG shows them

        CALLERS 4 of 12                        AREAS      MEMORY      CHANGE  ADDR SPACE
          kernel_clone                           194     3.0 MiB   +64.0 KiB     3.8 MiB
          alloc_large_system_hash                  9     2.7 MiB           0     2.8 MiB
          load_module                             31     2.4 MiB           0     2.5 MiB
          bpf_prog_alloc_no_stats                 64   256.0 KiB           0   512.0 KiB
        FLEET  10 hosts   memory held 79.1 MiB   window 12:00:20..12:00:30
          CALLER 4 of 8       HOSTS     MEMORY   P50/HOST   P99/HOST  MOST ON
          kernel_clone           10   73.3 MiB    6.2 MiB   12.5 MiB  sim-09 14.1 MiB
          alloc_large_syste…      1    2.7 MiB    2.7 MiB    2.7 MiB  vm-01 2.7 MiB
          load_module             1    2.4 MiB    2.4 MiB    2.4 MiB  vm-01 2.4 MiB
          bpf_prog_alloc_no…      1  256.0 KiB  256.0 KiB  256.0 KiB  vm-01 256.0 KiB
        FINDINGS  2
          JUMP  kernel_clone on vm-01 rose by 16.0 KiB in one step at 12:00:20, from 3.0
                MiB, and stayed there.           1 window, first 12:00:20, last 12:00:30
          LEAK  htab_map_alloc on sim-07 holds 34.1 MiB and has kept growing since
                11:40:00, by 32.0 MiB so far, 12.0 MiB an hour.
                2 windows, first 12:00:10, last 12:00:30
        """);
  }

  @Test
  void a_blind_host_gives_its_reason_and_no_numbers() {
    assertThat(screen(BLIND, 80, 24))
        .isEqualTo(
            """
        vmalloc-fleet  web UI http://127.0.0.1:8081  Kafka 127.0.0.1:9092       up 2 min
        data /home/ada/.vmalloc-fleet             windows of 10 s, agent reads every 5 s
        SQL  ./vmalloc-fleet sql  or  jdbc:flink://127.0.0.1:8083

        THIS HOST  vm-01   kernel 6.18.44 x86_64   addresses unknown
          window          12:00:20..12:00:30, ended 4 s ago, 1 window so far
          not visible     to the agent: /proc/vmallocinfo cannot be read (Permission
                          denied): run as root or with CAP_DAC_READ_SEARCH

        FINDINGS  none so far
        """);
  }

  @Test
  void findings_about_others_stand_beside_a_blind_host() {
    assertThat(screen(Samples.withFindings(BLIND), 120, 24))
        .isEqualTo(
            """
        vmalloc-fleet  web UI http://127.0.0.1:8081  Kafka 127.0.0.1:9092                                               up 2 min
        data /home/ada/.vmalloc-fleet                                                     windows of 10 s, agent reads every 5 s
        SQL  ./vmalloc-fleet sql  or  jdbc:flink://127.0.0.1:8083

        THIS HOST  vm-01   kernel 6.18.44 x86_64   addresses unknown
          window          12:00:20..12:00:30, ended 4 s ago, 1 window so far
          not visible     to the agent: /proc/vmallocinfo cannot be read (Permission denied): run as root or with
                          CAP_DAC_READ_SEARCH

        FINDINGS  2
          JUMP  kernel_clone on vm-01 rose by 16.0 KiB in one step at 12:00:20, from 3.0 MiB, and stayed there.
                1 window, first 12:00:20, last 12:00:30
          LEAK  htab_map_alloc on sim-07 holds 34.1 MiB and has kept growing since 11:40:00, by 32.0 MiB so far, 12.0 MiB an
                hour.                                                                   2 windows, first 12:00:10, last 12:00:30
        """);
  }

  @Test
  void sample_data_is_announced_loudly() {
    assertThat(screen(Samples.run(WHY_SAMPLE), PLAIN, HASHED, 80, 12))
        .isEqualTo(
            """
        vmalloc-fleet  web UI http://127.0.0.1:8081  Kafka 127.0.0.1:9092       up 2 min
        data /home/ada/.vmalloc-fleet             windows of 10 s, agent reads every 5 s
        SQL  ./vmalloc-fleet sql  or  jdbc:flink://127.0.0.1:8083
         SAMPLE DATA  not this machine's numbers: a bundled sample is shown, because
                      /proc/vmallocinfo cannot be read (Permission denied): run as root

        SAMPLE HOST  vm-01   kernel 6.18.44 x86_64   addresses hashed
          window          12:00:20..12:00:30, ended 4 s ago, 3 windows so far
          memory held        8.8 MiB  of 23.2 GiB RAM     change +64.0 KiB
          address space     10.3 MiB  of 32.0 TiB         guard pages 1.5 MiB
          areas                  393  +4                  unpurged 35 (700.0 KiB)
          fragmentation   unknown: addresses are hashed (kptr_restrict=0): 412 runs of
        """);
  }

  @Test
  void hidden_addresses_are_explained() {
    FleetState zeroed = Samples.oneHost(AddressMode.ZEROED);

    assertThat(screen(zeroed, 200, 24))
        .contains(
            "fragmentation   unknown: addresses are hidden from this process (kptr_restrict=1 without CAP_SYSLOG, or 2): only sums are known; sysctl kernel.kptr_restrict=1 with CAP_SYSLOG shows holes");
  }

  @Test
  void before_the_first_window_the_host_is_awaited() {
    assertThat(screen(FleetState.EMPTY, 80, 24))
        .contains("THIS HOST  no window so far\n", "FINDINGS  none so far\n");
  }

  @Test
  void trouble_and_lost_records_stand_in_the_header() {
    FleetState troubled =
        HASHED
            .change()
            .add(Samples.deadLetter())
            .addUnreadable()
            .trouble(Optional.of("Kafka at 127.0.0.1:9092 does not answer"))
            .done();

    assertThat(screen(troubled, 120, 24))
        .contains(
            """
            ! Kafka at 127.0.0.1:9092 does not answer
            ! 1 record the pipeline could not use, the last UNDECODABLE: 9 bytes do not begin with the single-object marker c301
            ! 1 record of the pipeline could not be decoded here
            """);
  }

  @Test
  void no_line_is_longer_and_no_screen_higher_than_the_terminal() {
    FleetState.Change many = Samples.fleet(REAL, 30).change().add(Samples.deadLetter());
    for (int i = 0; i < 40; i++) {
      many.add(Samples.finding(FindingKind.LEAK, "sim-" + i, i % 3, "x".repeat(3 * i) + " grows."));
    }
    FleetState state = many.done();

    for (int width = 1; width <= 160; width += 13) {
      for (int height = 1; height <= 60; height += 3) {
        List<String> lines =
            new Screen(Samples.run(WHY_SAMPLE), PLAIN, Samples.CLOCK).lines(state, width, height);
        assertThat(lines).hasSizeLessThanOrEqualTo(height);
        int limit = width;
        assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(limit));
      }
    }
  }

  @Test
  void colours_change_no_text_and_a_plain_locale_gets_ascii_only() {
    String coloured = screen(Samples.RUN, new Look(true, true), FLEET_WITH_FINDINGS, 80, 30);
    String ascii = screen(Samples.RUN, new Look(false, false), REAL_WITH_FINDINGS, 80, 40);

    assertThat(coloured).contains("\u001b[31mLEAK\u001b[0m", "\u001b[33m+64.0 KiB\u001b[0m");
    assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", ""))
        .isEqualTo(screen(FLEET_WITH_FINDINGS, 80, 30));
    assertThat(ascii).isASCII().contains("nf_tables_transacti... [nf_tables]");
  }

  @Test
  void a_record_cannot_send_escape_sequences_to_the_terminal() {
    FleetState hostile =
        FleetState.EMPTY
            .change()
            .add(Samples.finding(FindingKind.JUMP, "h", 1, "rose \u001b[2J\u0007 by a lot"))
            .done();

    assertThat(screen(hostile, 80, 24)).contains("JUMP  rose ?[2J? by a lot");
  }
}
