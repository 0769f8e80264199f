/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vmallocfleet.local.stack.Broker;
import io.vmallocfleet.local.stack.BrokerSettings;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A spool whose file may not grow: the kernel refuses the write (RLIMIT_FSIZE), as a full disk
 * does, and needs no root for it.
 */
class DiskFullIT {
  private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");

  @TempDir Path directory;

  @Test
  void a_full_disk_is_a_complaint_and_no_end_and_room_again_is_used() throws Exception {
    assumeTrue(Files.isExecutable(PRLIMIT), "no prlimit of util-linux");
    Path log = directory.resolve("agent.log");
    Path spool = directory.resolve("spool");
    String bootstrap = addressOfAStoppedBroker();

    try (var agent =
        AgentProcess.start(
            List.of(PRLIMIT.toString(), "--fsize=200000:"),
            Redirect.to(log.toFile()),
            bootstrap,
            spool)) {
      agent.awaitHealth("spool: the spool in " + spool + " cannot be used");
      long taken = agent.taken();
      agent.awaitTaken(taken + 20);

      assertThat(
              new ProcessBuilder(PRLIMIT.toString(), "--pid=" + agent.pid(), "--fsize=unlimited:")
                  .inheritIO()
                  .start()
                  .waitFor())
          .isZero();
      agent.awaitTaken(taken + 21);
      agent.awaitHealthWithout("spool:");
      assertThat(agent.terminate()).isZero();
    }

    assertThat(Files.readString(log))
        .contains("WARNING the spool in " + spool + " cannot be used")
        .contains("INFO the spool is on disk again");
    assertThat(Files.size(spool.resolve("snapshots.mv"))).isGreaterThan(200_000);
  }

  private String addressOfAStoppedBroker() {
    try (var broker = Broker.start(new BrokerSettings(directory.resolve("kafka"), 0))) {
      return broker.bootstrap();
    }
  }
}
