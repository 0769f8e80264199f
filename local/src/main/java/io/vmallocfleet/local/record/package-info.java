/* SPDX-License-Identifier: Apache-2.0 */
/** A stretch of the snapshots topic as a recording. */
package io.vmallocfleet.local.record;
