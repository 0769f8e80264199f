/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.spool;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Bytes of a queued snapshot: CRC-32C of the rest, snapshots it reports as dropped, length of the
 * host id, host id, snapshot. The checksum is ours because the store has none over values, and a
 * page that power loss kept from the disk reads as zeros.
 */
final class SpoolEntry {
  private static final int CHECKED_FROM = Integer.BYTES;
  private static final int HEADER = CHECKED_FROM + Long.BYTES + Short.BYTES;

  private SpoolEntry() {}

  static byte[] encode(Outgoing snapshot) {
    byte[] hostId = snapshot.hostId().getBytes(StandardCharsets.UTF_8);
    byte[] entry = new byte[HEADER + hostId.length + snapshot.snapshot().length];
    ByteBuffer.wrap(entry)
        .putInt(0)
        .putLong(snapshot.droppedBefore())
        .putShort((short) hostId.length)
        .put(hostId)
        .put(snapshot.snapshot());
    ByteBuffer.wrap(entry).putInt(checksum(entry));
    return entry;
  }

  /** The snapshot taken at that time, or none if the bytes are not what was written. */
  static Optional<Outgoing> decode(long takenAtMicros, byte[] entry) {
    if (entry.length < HEADER || ByteBuffer.wrap(entry).getInt() != checksum(entry)) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(entry, CHECKED_FROM, entry.length - CHECKED_FROM);
    long droppedBefore = in.getLong();
    byte[] hostId = new byte[in.getShort()];
    in.get(hostId);
    byte[] snapshot = new byte[in.remaining()];
    in.get(snapshot);
    return Optional.of(
        new Outgoing(
            new String(hostId, StandardCharsets.UTF_8), snapshot, takenAtMicros, droppedBefore));
  }

  /** What a snapshot that is dropped leaves unreported, beside itself. */
  static long droppedBefore(byte[] entry) {
    return decode(0, entry).map(Outgoing::droppedBefore).orElse(0L);
  }

  private static int checksum(byte[] entry) {
    var checksum = new CRC32C();
    checksum.update(entry, CHECKED_FROM, entry.length - CHECKED_FROM);
    return (int) checksum.getValue();
  }
}
