/* SPDX-License-Identifier: Apache-2.0 */
/** {@code vmalloc-fleet score-series}: the detector of the job over any series of numbers. */
package io.vmallocfleet.local.score;
