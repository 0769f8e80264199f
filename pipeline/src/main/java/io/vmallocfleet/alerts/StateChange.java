/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.alerts;

import io.vmallocfleet.schemas.AlertState;

/**
 * One change of an alert's state.
 *
 * @param reason in words for a person
 * @param by who did it; empty for the machine
 */
public record StateChange(
    long atMillis, AlertState from, AlertState to, String reason, String by) {}
