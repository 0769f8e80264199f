/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Flink's side of what many hosts show together: each host is sampled by bucket where it already
 * lies, samples are combined per task before any shuffle, merged per caller and cohort, and judged
 * once a bucket.
 */
package io.vmallocfleet.pipeline.fleet;
