/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.alerts;

import javax.annotation.Nullable;

/**
 * What holds around an alert, and is not about its trouble itself.
 *
 * @param mutedBy id of the rule that mutes it
 * @param foldedInto fingerprint of the fleet alert that speaks for it
 * @param hostSilent whether its host is silent: then nothing said is no evidence that it is over
 * @param heardAgainMillis when its host was last heard again after a silence; 0 if it never was
 *     silent
 */
public record Circumstances(
    @Nullable String mutedBy,
    @Nullable String foldedInto,
    boolean hostSilent,
    long heardAgainMillis) {

  public static final Circumstances ORDINARY = new Circumstances(null, null, false, 0);

  boolean hushed() {
    return mutedBy != null || foldedInto != null;
  }
}
