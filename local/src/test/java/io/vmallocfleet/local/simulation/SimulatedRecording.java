/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation;

import io.vmallocfleet.agent.Snapshots;
import io.vmallocfleet.agent.recording.Recording;
import io.vmallocfleet.agent.snapshot.SnapshotEncoder;
import io.vmallocfleet.agent.spool.Outgoing;
import io.vmallocfleet.agent.vmallocinfo.ParserLimits;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoParser;
import io.vmallocfleet.schemas.snapshot.HostBudget;
import io.vmallocfleet.schemas.snapshot.HostIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A recording of simulated hosts in made-up time, the last of which leaks if asked to. */
public final class SimulatedRecording {
  private SimulatedRecording() {}

  /** Host {@code i} is called {@code sim-i} and has id {@code id-i}, from 0. */
  public static void write(
      Path file, int hosts, Instant start, int rounds, Duration interval, boolean leak)
      throws IOException {
    var parser = new VmallocinfoParser(ParserLimits.longRunning());
    var encoder = new SnapshotEncoder(true);
    List<SimulatedHost> lives = new ArrayList<>();
    List<Snapshots> agents = new ArrayList<>();
    for (int i = 0; i < hosts; i++) {
      lives.add(
          new SimulatedHost(
              Capture.LINUX_6_18.areas(),
              i,
              leak && i == hosts - 1 ? Optional.of(Misbehaviour.LEAK) : Optional.empty()));
      agents.add(new Snapshots(identity(i), encoder));
    }
    try (Recording recording = Recording.create(file, Long.MAX_VALUE)) {
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < hosts; i++) {
          Instant at = start.plus(interval.multipliedBy(round)).plusSeconds(i);
          long micros = ChronoUnit.MICROS.between(Instant.EPOCH, at);
          byte[] text = lives.get(i).step(interval);
          byte[] snapshot =
              agents
                  .get(i)
                  .of(
                      parser.parse(text, text.length),
                      new Snapshots.Circumstances(micros, 0, 0, 0, 0, HostBudget.UNKNOWN));
          recording.put(new Outgoing("id-" + i, snapshot, micros, 0));
        }
      }
    }
  }

  private static HostIdentity identity(int index) {
    return new HostIdentity(
        "id-" + index,
        "sim-" + index,
        "boot-" + index,
        Capture.LINUX_6_18.kernelRelease(),
        Capture.LINUX_6_18.kernelBuild(),
        "x86_64",
        4096,
        2,
        Map.of());
  }
}
