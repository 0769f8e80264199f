/* SPDX-License-Identifier: Apache-2.0 */
/** The catalog {@code vmalloc}: every topic as tables and views of Flink SQL. */
package io.vmallocfleet.sql;
