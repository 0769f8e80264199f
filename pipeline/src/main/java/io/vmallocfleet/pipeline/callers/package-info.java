/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Windows per caller and cohort, in two phases: each task first combines the hosts it holds, so
 * that a caller every host shows ({@code kernel_clone}) makes no task hot.
 */
package io.vmallocfleet.pipeline.callers;
