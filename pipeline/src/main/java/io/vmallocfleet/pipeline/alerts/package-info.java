/* SPDX-License-Identifier: Apache-2.0 */
/** Flink's side of alerts: which state each step keeps, and what passes between them. */
package io.vmallocfleet.pipeline.alerts;
