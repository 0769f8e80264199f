/* SPDX-License-Identifier: Apache-2.0 */
/** Format {@code vmalloc-avro}, for tables of one's own over Flink's connectors. */
package io.vmallocfleet.sql.format;
