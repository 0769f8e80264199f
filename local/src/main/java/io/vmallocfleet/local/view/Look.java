/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.view;

/**
 * What the output can show.
 *
 * @param colour ANSI colours and weights
 * @param unicode characters beyond ASCII
 */
public record Look(boolean colour, boolean unicode) {
  String ellipsis() {
    return unicode ? "…" : "...";
  }

  String tick() {
    return unicode ? "✓" : "ok";
  }

  String cross() {
    return unicode ? "✗" : "failed";
  }
}
