/* SPDX-License-Identifier: Apache-2.0 */
/** Record bytes to rows: which columns there are, what they mean, how they are read. */
package io.vmallocfleet.sql.rows;
