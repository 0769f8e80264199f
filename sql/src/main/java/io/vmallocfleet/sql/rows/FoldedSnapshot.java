/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.rows;

import io.vmallocfleet.pipeline.usage.HostUsage;
import io.vmallocfleet.pipeline.usage.Origin;
import io.vmallocfleet.pipeline.usage.SnapshotFold;
import io.vmallocfleet.schemas.UnreadableRecordException;
import io.vmallocfleet.schemas.snapshot.SnapshotCursor;
import io.vmallocfleet.schemas.snapshot.SnapshotHeader;

/**
 * A snapshot's header and its fold, the one the jobs use: a query and a finding cannot disagree.
 */
final class FoldedSnapshot {
  /** Rows know where they come from by other columns. */
  private static final Origin NOWHERE = new Origin("", 0, 0, 0);

  private final SnapshotCursor cursor = new SnapshotCursor();
  private final SnapshotFold fold = new SnapshotFold();
  private SnapshotHeader header;
  private HostUsage usage;

  /**
   * @throws UnreadableRecordException if the bytes are not a whole snapshot of a known schema
   */
  void read(byte[] bytes) throws UnreadableRecordException {
    usage = fold.fold(NOWHERE, bytes);
    header = cursor.open(bytes);
  }

  SnapshotHeader header() {
    return header;
  }

  HostUsage usage() {
    return usage;
  }
}
