/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.alerts;

import io.vmallocfleet.schemas.Severity;

/**
 * Who has an alert in hand.
 *
 * @param severity of the alert when they took it: one that gets worse tells others again, unless
 *     {@code untilResolved}
 */
public record Acknowledger(
    long atMillis, String by, String why, boolean untilResolved, Severity severity) {}
