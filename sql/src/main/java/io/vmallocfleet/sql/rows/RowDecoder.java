/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.rows;

import io.vmallocfleet.schemas.UnreadableRecordException;
import java.util.function.Consumer;
import org.apache.flink.table.data.RowData;

/** Record bytes to rows. Ready for the next record after an exception; not thread safe. */
public interface RowDecoder {
  /**
   * Hands on the rows of one record, none of them before the whole record has proved readable.
   *
   * @throws UnreadableRecordException if the bytes are not a whole record of a known schema
   */
  void decode(byte[] bytes, Consumer<RowData> rows) throws UnreadableRecordException;
}
