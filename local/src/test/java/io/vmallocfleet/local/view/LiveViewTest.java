/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.schemas.AddressMode;
import io.vmallocfleet.schemas.CallerUsage;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.Region;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LiveViewTest {
  private static final CallerUsage STACKS = Samples.caller("kernel_clone", "", 190, 760);
  private static final CallerUsage MORE_STACKS = Samples.caller("kernel_clone", "", 191, 764);
  private static final CallerUsage DRIVER = Samples.caller("fh_ioremap", "isp", 2, 0);

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final HandClock clock = new HandClock();

  @Test
  void a_file_gets_exact_numbers_once_for_each_window() {
    LiveView view = view(false);
    FleetState one = FleetState.EMPTY.change().add(window(0, STACKS, DRIVER)).done();
    FleetState two = one.change().add(window(1, MORE_STACKS, DRIVER)).done();

    view.show(Samples.RUN, one);
    view.show(Samples.RUN, one);
    view.show(Samples.RUN, two);

    assertThat(written())
        .isEqualTo(
            """
            window 12:00:00..12:00:10 host vm-01 bytes 3112960 areas 192 unpurged 35 callers 2 change ? mapped-bytes 3899392 guard-bytes 786432 unpurged-bytes 716800 malformed 0 addresses HASHED
              caller kernel_clone areas 190 bytes 3112960 change ? mapped-bytes 3891200
              caller fh_ioremap[isp] areas 2 bytes 0 change ? mapped-bytes 8192
              fragmentation unknown: addresses are hashed (kptr_restrict=0): 412 runs of adjoining areas are known, hole sizes are not; sysctl kernel.kptr_restrict=1 with CAP_SYSLOG shows them
            window 12:00:10..12:00:20 host vm-01 bytes 3129344 areas 193 unpurged 35 callers 2 change +16384 mapped-bytes 3919872 guard-bytes 790528 unpurged-bytes 716800 malformed 0 addresses HASHED
              caller kernel_clone areas 191 bytes 3129344 change +16384 mapped-bytes 3911680
              caller fh_ioremap[isp] areas 2 bytes 0 change +0 mapped-bytes 8192
              fragmentation unknown: addresses are hashed (kptr_restrict=0): 412 runs of adjoining areas are known, hole sizes are not; sysctl kernel.kptr_restrict=1 with CAP_SYSLOG shows them
            """);
  }

  @Test
  void a_file_is_told_where_everything_is_and_why_the_numbers_are_a_sample() {
    view(false).started(Samples.run("/proc/vmallocinfo is readable by root only"));

    assertThat(written())
        .isEqualTo(
            """
            running web-ui http://127.0.0.1:8081 kafka 127.0.0.1:9092 sql jdbc:flink://127.0.0.1:8083 data /home/ada/.vmalloc-fleet window 10000 ms interval 5000 ms
            sample: a bundled sample stands in for this host's file: /proc/vmallocinfo is readable by root only
            """);
  }

  @Test
  void windows_that_came_together_are_all_printed() {
    FleetState both =
        FleetState.EMPTY.change().add(window(0, STACKS)).add(window(1, MORE_STACKS)).done();

    view(false).show(Samples.RUN, both);

    assertThat(written())
        .contains("window 12:00:00..12:00:10 host vm-01 bytes 3112960 ", " change ? ")
        .contains("window 12:00:10..12:00:20 host vm-01 bytes 3129344 ", " change +16384 ");
  }

  @Test
  void known_holes_are_printed_for_each_address_window() {
    HostWindow real =
        Samples.host("vm-01", 0, STACKS)
            .setAddressMode(AddressMode.REAL)
            .setWindows(List.of(Samples.real(Region.VMALLOC, 34_000_000, 201, 7_561_216, 831_488)))
            .build();

    view(false).show(Samples.RUN, FleetState.EMPTY.change().add(real).done());

    assertThat(written())
        .contains(
            "\n  fragmentation vmalloc holes 201 hole-bytes 7561216 largest-hole 831488 used-bytes 34000000 span-bytes 41561216 areas 700 unusable-69632 0.0700 unusable-1052672 0.4120 unusable-2101248 1.0000\n");
  }

  @Test
  void a_blind_host_is_one_line() {
    HostWindow blind = Samples.host("vm-01", 0).setBlind("no permission").build();

    view(false).show(Samples.RUN, FleetState.EMPTY.change().add(blind).done());

    assertThat(written()).isEqualTo("window 12:00:00..12:00:10 host vm-01 blind: no permission\n");
  }

  @Test
  void findings_are_printed_with_each_confirmation() {
    LiveView view = view(false);
    FleetState one =
        FleetState.EMPTY
            .change()
            .add(Samples.finding(FindingKind.LEAK, "b", 0, "It grows."))
            .done();
    FleetState two =
        one.change().add(Samples.finding(FindingKind.LEAK, "b", 1, "It grows.")).done();

    view.show(Samples.RUN, one);
    view.show(Samples.RUN, one);
    view.show(Samples.RUN, two);

    assertThat(written().replaceAll("fingerprint [0-9a-f]{32}", "fingerprint F"))
        .isEqualTo(
            """
            finding LEAK host b caller htab_map_alloc fingerprint F windows 1 first 12:00:00 last 12:00:10 : It grows.
            finding LEAK host b caller htab_map_alloc fingerprint F windows 2 first 12:00:00 last 12:00:20 : It grows.
            """);
  }

  @Test
  void the_fleet_is_printed_when_there_is_more_than_this_host() {
    view(false).show(Samples.RUN, Samples.fleet(FleetState.EMPTY, 3));

    assertThat(written())
        .startsWith(
            """
            fleet 12:00:20..12:00:30 hosts 3 bytes 19042304 areas 910 callers 8
              fleet-caller kernel_clone hosts 4 areas 794 bytes 13008896 p50 3173828 p99 3303359 most-on sim-03
            """);
  }

  @Test
  void lost_records_and_trouble_are_printed_when_they_change() {
    LiveView view = view(false);
    FleetState troubled =
        FleetState.EMPTY
            .change()
            .add(Samples.deadLetter())
            .addUnreadable()
            .trouble(Optional.of("Kafka is away"))
            .done();

    view.show(Samples.RUN, troubled);
    view.show(Samples.RUN, troubled);
    view.show(Samples.RUN, troubled.change().trouble(Optional.empty()).done());

    assertThat(written())
        .isEqualTo("dead-letters 1\nunreadable 1\ntrouble: Kafka is away\ntrouble over\n");
  }

  @Test
  void steps_in_a_file_are_lines_with_their_time() {
    LiveView view = view(false);

    view.progress("starting Kafka");
    clock.pass(Duration.ofMillis(1640));
    view.progress("starting Flink");
    clock.pass(Duration.ofMillis(300));
    view.failed();

    assertThat(written())
        .isEqualTo(
            """
            starting Kafka...
            starting Kafka... 1.6 s ok
            starting Flink...
            starting Flink... 0.3 s failed
            """);
  }

  @Test
  void a_step_on_a_terminal_counts_in_place_until_the_first_window() {
    LiveView view = view(true);

    view.progress("waiting for the first window");
    clock.pass(Duration.ofSeconds(12));
    view.show(Samples.RUN, FleetState.EMPTY);

    assertThat(written())
        .isEqualTo("waiting for the first window...\r\u001b[Kwaiting for the first window... 12 s");
  }

  @Test
  void a_terminal_is_drawn_over_from_its_first_line_and_left_as_it_is() {
    LiveView view = view(true);
    FleetState state = FleetState.EMPTY.change().add(window(0, STACKS)).done();

    view.show(Samples.RUN, state);
    view.close();

    assertThat(written())
        .startsWith("\u001b[?25l" + "\n".repeat(24) + "\u001b[H\u001b[Kvmalloc-fleet  web UI ")
        .endsWith("\u001b[KFINDINGS  none so far\r\n\u001b[J\u001b[?25h")
        .doesNotContain("\u001b[?1049h");
  }

  @Test
  void a_terminal_is_redrawn_for_news_and_once_a_second() {
    LiveView view = view(true);
    FleetState state = FleetState.EMPTY.change().add(window(0, STACKS)).done();

    view.show(Samples.RUN, state);
    view.show(Samples.RUN, state);
    int once = pictures();
    view.show(Samples.RUN, state.change().addUnreadable().done());
    int afterNews = pictures();
    clock.pass(Duration.ofSeconds(1));
    view.show(Samples.RUN, state);

    assertThat(List.of(once, afterNews, pictures())).containsExactly(1, 2, 3);
  }

  @Test
  void nothing_is_drawn_over_the_steps_of_the_end() {
    LiveView view = view(true);
    FleetState state = FleetState.EMPTY.change().add(window(0, STACKS)).done();

    view.show(Samples.RUN, state);
    view.progress("stopping Flink");
    view.show(Samples.RUN, state.change().addUnreadable().done());
    view.close();

    assertThat(pictures()).isOne();
    assertThat(written())
        .endsWith("\u001b[?25hstopping Flink...\r\u001b[Kstopping Flink... 0.0 s ok\n");
  }

  private LiveView view(boolean interactive) {
    var out = new PrintStream(written, false, StandardCharsets.UTF_8);
    var size = new Terminal.Size(80, 24);
    return new LiveView(new Terminal(out, interactive, new Look(false, false), () -> size), clock);
  }

  private static HostWindow window(int window, CallerUsage... callers) {
    return Samples.host("vm-01", window, callers).build();
  }

  private String written() {
    return written.toString(StandardCharsets.UTF_8);
  }

  private int pictures() {
    return written().split("\u001b\\[H", -1).length - 1;
  }

  /** Stands still unless moved by hand. */
  private static final class HandClock extends Clock {
    private Instant now = Samples.CLOCK.instant();

    void pass(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException("always UTC");
    }
  }
}
