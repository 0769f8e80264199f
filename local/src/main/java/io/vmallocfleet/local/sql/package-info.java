/* SPDX-License-Identifier: Apache-2.0 */
/** {@code ./vmalloc-fleet sql}: questions to the fleet, through Flink's SQL gateway. */
package io.vmallocfleet.local.sql;
