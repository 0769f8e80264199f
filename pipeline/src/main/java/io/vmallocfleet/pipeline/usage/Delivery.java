/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.UnreadableRecordException;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * What the source makes of one Kafka record: either a usage, or a dead letter that holds the
 * original. Exactly one of the two is not null.
 */
public record Delivery(HostUsage usage, DeadLetter deadLetter) {
  public static Delivery of(HostUsage usage) {
    return new Delivery(usage, null);
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
            value == null ? null : ByteBuffer.wrap(value)));
  }
}
