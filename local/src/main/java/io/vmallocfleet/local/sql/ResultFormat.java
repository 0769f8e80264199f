/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.sql;

import java.io.PrintWriter;

/** How a result is printed. */
enum ResultFormat {
  TABLE,
  CSV,
  JSON;

  /**
   * @param changes whether rows may be taken back, so that each says what it is
   */
  ResultReceiver receiver(PrintWriter out, boolean changes) {
    return switch (this) {
      case TABLE -> new TableResult(out, changes);
      case CSV -> new CsvResult(out, changes);
      case JSON -> new JsonResult(out, changes);
    };
  }
}
