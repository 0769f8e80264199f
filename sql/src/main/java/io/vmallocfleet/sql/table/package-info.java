/* SPDX-License-Identifier: Apache-2.0 */
/** Tables as Flink's planner sees them, over Kafka sources and sinks. */
package io.vmallocfleet.sql.table;
