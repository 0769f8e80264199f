/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.rows;

import java.util.List;

/** What a record of a topic looks like as rows of one table. */
public interface RowShape {
  /** Every column a record's value can fill. */
  List<Column> columns();

  /**
   * A decoder of some of the columns.
   *
   * @param columns their names, in the order of the rows wanted
   * @throws IllegalArgumentException naming a column there is none of
   */
  RowDecoder decoder(List<String> columns);
}
