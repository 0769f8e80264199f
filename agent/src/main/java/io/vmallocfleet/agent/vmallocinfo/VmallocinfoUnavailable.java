/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

import java.io.IOException;

/**
 * The areas cannot be seen: a state of the host to report, not a host without areas. The message
 * says what happened, why, and what to do.
 */
public final class VmallocinfoUnavailable extends IOException {

  private static final long serialVersionUID = 1;

  /** Why. */
  public enum Reason {
    /** This is not Linux. */
    NOT_LINUX,
    /** Linux, but there is no such file. */
    NOT_FOUND,
    /** The kernel refuses to open or to read it. */
    ACCESS_DENIED,
    /** The file holds nothing, which no kernel in use prints. */
    EMPTY,
    /** The file is larger than the maximum that was set. */
    TOO_LARGE,
    /** Reading failed in another way, which the cause names. */
    UNREADABLE
  }

  private final Reason reason;

  VmallocinfoUnavailable(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
