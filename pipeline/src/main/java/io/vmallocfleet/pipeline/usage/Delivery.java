/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.UnreadableRecordException;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * What the source makes of one record: either a usage, or a dead letter that holds the original.
 * Exactly one of the two is not null.
 *
 * @param arrivedAtMillis when it arrived: the broker's clock or the fleet's, whichever is earlier
 */
public record Delivery(HostUsage usage, DeadLetter deadLetter, long arrivedAtMillis) {
  public static Delivery of(HostUsage usage, long arrivedAtMillis) {
    return new Delivery(usage, null, arrivedAtMillis);
  }

  public static Delivery unreadable(Origin origin, byte[] value, UnreadableRecordException why) {
    return new Delivery(
        null,
        new DeadLetter(
            origin.topic(),
            origin.partition(),
            origin.offset(),
            Instant.ofEpochMilli(origin.appendedAtMillis()),
            why.reason(),
            why.getMessage(),
            value == null ? null : ByteBuffer.wrap(value)),
        origin.appendedAtMillis());
  }
}
