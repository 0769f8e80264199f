/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.rows;

import org.apache.flink.table.types.DataType;

/** A column as a person sees it: the comment carries unit and range. */
public record Column(String name, DataType type, String comment) {}
