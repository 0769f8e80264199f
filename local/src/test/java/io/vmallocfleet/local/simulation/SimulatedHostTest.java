/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.agent.vmallocinfo.AddressMode;
import io.vmallocfleet.agent.vmallocinfo.AreaFlag;
import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import io.vmallocfleet.agent.vmallocinfo.ParserLimits;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoParser;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimulatedHostTest {
  private static final Duration STEP = Duration.ofSeconds(5);
  private static final long MIB_PAGES = 256;

  @ParameterizedTest
  @EnumSource
  void a_host_that_behaves_stays_within_its_ways(Capture capture) {
    SimulatedHost host = host(capture, 3, Optional.empty());
    long before = pages(parse(host.step(STEP)));

    for (int i = 0; i < 200; i++) {
      AreaTable file = parse(host.step(STEP));

      assertThat(file.malformed()).isZero();
      assertThat(file.mode()).isEqualTo(AddressMode.REAL);
      // Threads only: a few MiB at most.
      assertThat(Math.abs(pages(file) - before)).isLessThan(32 * MIB_PAGES);
    }
  }

  @Test
  void no_two_areas_overlap_however_long_it_lives() {
    SimulatedHost host = host(Capture.LINUX_6_18, 5, Optional.of(Misbehaviour.LEAK));
    for (int i = 0; i < 100; i++) {
      AreaTable file = parse(host.step(STEP));
      for (int row = 1; row < file.rows(); row++) {
        assertThat(Long.compareUnsigned(file.start(row), file.end(row - 1)))
            .isGreaterThanOrEqualTo(0);
      }
    }
  }

  @Test
  void the_same_seed_lives_the_same_life_and_another_a_different_one() {
    byte[] first = lifeOf(host(Capture.LINUX_5_8, 9, Optional.empty()));

    assertThat(lifeOf(host(Capture.LINUX_5_8, 9, Optional.empty()))).isEqualTo(first);
    assertThat(lifeOf(host(Capture.LINUX_5_8, 10, Optional.empty()))).isNotEqualTo(first);
  }

  @Test
  void a_leak_is_two_mebibytes_a_second() {
    long steady = pages(Capture.LINUX_6_18, Optional.empty(), 60);
    long leaking = pages(Capture.LINUX_6_18, Optional.of(Misbehaviour.LEAK), 60);

    // 60 steps of 5 s at 2 MiB a second.
    assertThat(leaking - steady).isEqualTo(600 * MIB_PAGES);
  }

  @Test
  void a_jump_comes_once_after_a_while() {
    Optional<Misbehaviour> jump = Optional.of(Misbehaviour.JUMP);

    assertThat(pages(Capture.LINUX_6_18, jump, 19))
        .isEqualTo(pages(Capture.LINUX_6_18, Optional.empty(), 19));
    assertThat(pages(Capture.LINUX_6_18, jump, 60))
        .isEqualTo(pages(Capture.LINUX_6_18, Optional.empty(), 60) + 160 * MIB_PAGES);
  }

  @Test
  void freed_areas_wait_unpurged_and_go_all_at_once() {
    SimulatedHost host = host(Capture.LINUX_6_18, 1, Optional.empty());
    long most = 0;
    long last = 0;
    boolean purged = false;
    for (int i = 0; i < 3_000; i++) {
      last = unpurged(parse(host.step(STEP)));
      purged |= last < most / 2;
      most = Math.max(most, last);
    }

    assertThat(purged).isTrue();
    assertThat(most).isLessThanOrEqualTo(64 << 20);
  }

  private static SimulatedHost host(Capture capture, long seed, Optional<Misbehaviour> how) {
    return new SimulatedHost(capture.areas(), seed, how);
  }

  private static byte[] lifeOf(SimulatedHost host) {
    byte[] text = {};
    for (int i = 0; i < 20; i++) {
      text = host.step(STEP);
    }
    return text;
  }

  private static long pages(Capture capture, Optional<Misbehaviour> how, int steps) {
    SimulatedHost host = host(capture, 1, how);
    byte[] text = {};
    for (int i = 0; i < steps; i++) {
      text = host.step(STEP);
    }
    return pages(parse(text));
  }

  private static long pages(AreaTable file) {
    long pages = 0;
    for (int row = 0; row < file.rows(); row++) {
      pages += file.pages(row);
    }
    return pages;
  }

  private static long unpurged(AreaTable file) {
    long bytes = 0;
    for (int row = 0; row < file.rows(); row++) {
      bytes += (file.flags(row) & AreaFlag.UNPURGED.bit()) != 0 ? file.size(row) : 0;
    }
    return bytes;
  }

  private static AreaTable parse(byte[] text) {
    return new VmallocinfoParser(ParserLimits.longRunning()).parse(text, text.length);
  }
}
