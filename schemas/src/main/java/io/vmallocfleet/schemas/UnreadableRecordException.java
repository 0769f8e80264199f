/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.schemas;

/**
 * A record's bytes are not what a topic of ours holds. The message says what is wrong and where.
 */
public final class UnreadableRecordException extends Exception {
  private final DeadLetterReason reason;

  public UnreadableRecordException(DeadLetterReason reason, String message) {
    this(reason, message, null);
  }

  public UnreadableRecordException(DeadLetterReason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** UNDECODABLE or UNKNOWN_SCHEMA. */
  public DeadLetterReason reason() {
    return reason;
  }
}
