/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.alerts;

/**
 * A sign of what {@code fleet-analytics} does.
 *
 * @param windowEndMillis event time up to which it has come; 0 if the sign is a dead letter
 * @param unreadable whether it is a dead letter that nobody could decode
 */
public record Progress(long windowEndMillis, boolean unreadable) {}
