/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.alerts;

import io.vmallocfleet.schemas.Alert;

/**
 * What on-call has been told of an alert.
 *
 * @param endedMillis wall clock when they were told of its end; 0 while it lasts
 * @param timerMillis processing-time timer that is set
 */
public record ToldAlert(Alert alert, long endedMillis, long timerMillis) {}
