/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline;

import io.vmallocfleet.pipeline.usage.Delivery;
import io.vmallocfleet.pipeline.usage.HostUsage;
import io.vmallocfleet.pipeline.usage.Origin;
import io.vmallocfleet.pipeline.usage.SnapshotFold;
import io.vmallocfleet.schemas.UnreadableRecordException;
import io.vmallocfleet.schemas.snapshot.AddressMode;
import io.vmallocfleet.schemas.snapshot.AreaFlags;
import io.vmallocfleet.schemas.snapshot.HostBudget;
import io.vmallocfleet.schemas.snapshot.HostIdentity;
import io.vmallocfleet.schemas.snapshot.Region;
import io.vmallocfleet.schemas.snapshot.SnapshotHeader;
import io.vmallocfleet.schemas.snapshot.SnapshotWriter;
import io.vmallocfleet.schemas.snapshot.SpoolOccupancy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Snapshots of made-up hosts, 4 KiB pages. */
public final class SnapshotBuilder {
  public static final int PAGE = 4096;

  private final SnapshotWriter writer = new SnapshotWriter(SnapshotWriter.DEFAULT_MAX_BYTES);
  private final Map<String, Integer> sites = new LinkedHashMap<>();
  private final String host;
  private String boot = "boot-1";
  private String kernel = "6.18.1";
  private String agentRun = "run-1";
  private long sequence;
  private long takenAtMillis;
  private AddressMode mode = AddressMode.REAL;
  private String blind = "";
  private int omitted;
  private int malformed;
  private String architecture = "x86_64";
  private HostBudget budget = HostBudget.UNKNOWN;
  private SpoolOccupancy spool = SpoolOccupancy.NONE;

  private SnapshotBuilder(String host) {
    this.host = host;
  }

  public static SnapshotBuilder snapshot(String host) {
    return new SnapshotBuilder(host);
  }

  public SnapshotBuilder at(long millis) {
    takenAtMillis = millis;
    return this;
  }

  public SnapshotBuilder sequence(long number) {
    sequence = number;
    return this;
  }

  public SnapshotBuilder boot(String id) {
    boot = id;
    return this;
  }

  public SnapshotBuilder kernel(String release) {
    kernel = release;
    return this;
  }

  public SnapshotBuilder mode(AddressMode newMode) {
    mode = newMode;
    return this;
  }

  public SnapshotBuilder blind(String reason) {
    blind = reason;
    return this;
  }

  public SnapshotBuilder malformed(int lines) {
    malformed = lines;
    return this;
  }

  public SnapshotBuilder architecture(String machine) {
    architecture = machine;
    return this;
  }

  public SnapshotBuilder spool(SpoolOccupancy waiting) {
    spool = waiting;
    return this;
  }

  public SnapshotBuilder budget(HostBudget known) {
    budget = known;
    return this;
  }

  public SnapshotBuilder omitted(int areas) {
    omitted = areas;
    return this;
  }

  /** One vmalloc area of that many pages and a guard page, adjoining the one before. */
  public SnapshotBuilder area(String caller, long pages) {
    return area(caller, Region.VMALLOC, 0, (pages + 1) * PAGE, pages, AreaFlags.VMALLOC);
  }

  public SnapshotBuilder area(
      String caller, Region region, long gap, long size, long pages, int flags) {
    int site =
        caller == null
            ? -1
            : sites.computeIfAbsent(caller, c -> writer.callSite(c, "", "", 16, 64));
    writer.area(site, region, gap, size, pages, flags, 0);
    return this;
  }

  /** That many areas of a caller came, and as many went; after its areas. */
  public SnapshotBuilder churn(String caller, int areas) {
    writer.churn(sites.get(caller), areas, areas);
    return this;
  }

  public byte[] bytes() {
    return writer.finish(
        new SnapshotHeader(
            new HostIdentity(host, host, boot, kernel, "#1 SMP", architecture, PAGE, 2, Map.of()),
            agentRun,
            sequence,
            takenAtMillis * 1000,
            100,
            10,
            mode,
            blind,
            0,
            0,
            malformed,
            List.of(),
            0,
            omitted,
            budget,
            spool));
  }

  public HostUsage usage() {
    return usage(takenAtMillis);
  }

  /** The same, appended to the topic then. */
  public HostUsage usage(long appendedAtMillis) {
    try {
      return new SnapshotFold()
          .fold(new Origin("vmalloc.snapshots", 0, sequence, appendedAtMillis), bytes());
    } catch (UnreadableRecordException e) {
      throw new AssertionError(e);
    }
  }

  public Delivery delivery() {
    return Delivery.of(usage(), takenAtMillis);
  }
}
