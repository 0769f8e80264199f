/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent;

import io.vmallocfleet.agent.snapshot.Churn;
import io.vmallocfleet.agent.snapshot.SnapshotEncoder;
import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import io.vmallocfleet.agent.vmallocinfo.MalformedLine;
import io.vmallocfleet.agent.vmallocinfo.ParserLimits;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoParser;
import io.vmallocfleet.schemas.snapshot.AddressMode;
import io.vmallocfleet.schemas.snapshot.HostBudget;
import io.vmallocfleet.schemas.snapshot.HostIdentity;
import io.vmallocfleet.schemas.snapshot.SnapshotHeader;
import io.vmallocfleet.schemas.snapshot.SpoolOccupancy;
import java.util.List;
import java.util.UUID;

/**
 * The snapshots of one agent run: numbers them and puts the host's figures to the areas. Not thread
 * safe.
 */
public final class Snapshots {
  private static final int SAMPLES = 5;
  private static final AreaTable NO_AREAS =
      new VmallocinfoParser(ParserLimits.longRunning()).parse(new byte[0], 0);

  private final String agentRun = UUID.randomUUID().toString();
  private final HostIdentity host;
  private final SnapshotEncoder encoder;
  private final Churn churn = new Churn();
  private long sequence;

  public Snapshots(HostIdentity host, SnapshotEncoder encoder) {
    this.host = host;
    this.encoder = encoder;
  }

  /**
   * What surrounds a reading.
   *
   * @param takenAtMicros host clock when reading began, microseconds since 1970
   * @param dropped snapshots lost since the last one that was delivered
   * @param skipped readings skipped since the last one
   * @param spool what waits for the broker
   */
  public record Circumstances(
      long takenAtMicros,
      long readMicros,
      long parseMicros,
      long dropped,
      long skipped,
      HostBudget budget,
      SpoolOccupancy spool) {

    /** Of a snapshot whose sender has no spool. */
    public Circumstances(
        long takenAtMicros,
        long readMicros,
        long parseMicros,
        long dropped,
        long skipped,
        HostBudget budget) {
      this(takenAtMicros, readMicros, parseMicros, dropped, skipped, budget, SpoolOccupancy.NONE);
    }
  }

  /** The next snapshot, of the areas that were read. */
  public byte[] of(AreaTable areas, Circumstances circumstances) {
    List<String> samples =
        areas.malformedLines().stream()
            .limit(SAMPLES)
            .map(MalformedLine::redacted)
            .map(MalformedLine::toString)
            .toList();
    return encode(areas, AddressMode.valueOf(areas.mode().name()), "", samples, circumstances);
  }

  /** The next snapshot, when there is nothing to show but that the agent lives, and why. */
  public byte[] blind(String reason, Circumstances circumstances) {
    return encode(NO_AREAS, AddressMode.UNKNOWN, reason, List.of(), circumstances);
  }

  private byte[] encode(
      AreaTable areas,
      AddressMode mode,
      String blindReason,
      List<String> malformedSamples,
      Circumstances c) {
    long number = sequence;
    byte[] snapshot =
        encoder.encode(
            areas,
            churn,
            omitted ->
                new SnapshotHeader(
                    host,
                    agentRun,
                    number,
                    c.takenAtMicros(),
                    (int) Math.min(c.readMicros(), Integer.MAX_VALUE),
                    (int) Math.min(c.parseMicros(), Integer.MAX_VALUE),
                    mode,
                    blindReason,
                    c.dropped(),
                    c.skipped(),
                    areas.malformed(),
                    malformedSamples,
                    areas.duplicates(),
                    omitted,
                    c.budget(),
                    c.spool()));
    // Not before: a snapshot that could not be encoded must not leave a gap.
    sequence++;
    return snapshot;
  }
}
