/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.stack;

/** A fault the person at the terminal can act on: its message says what, where and what to do. */
public final class StackException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StackException(String message) {
    super(message);
  }

  public StackException(String message, Throwable cause) {
    super(message, cause);
  }
}
