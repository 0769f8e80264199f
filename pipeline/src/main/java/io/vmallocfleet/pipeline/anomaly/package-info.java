/* SPDX-License-Identifier: Apache-2.0 */
/** Flink's side of detection: which state a detector keeps, and how what it sees is written. */
package io.vmallocfleet.pipeline.anomaly;
