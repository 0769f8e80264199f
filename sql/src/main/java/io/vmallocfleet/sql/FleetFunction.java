/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql;

import io.vmallocfleet.sql.functions.CallerPurpose;
import io.vmallocfleet.sql.functions.ExplainCaller;
import io.vmallocfleet.sql.functions.HumanBytes;
import io.vmallocfleet.sql.functions.Log2Bucket;
import org.apache.flink.table.catalog.CatalogFunction;
import org.apache.flink.table.catalog.CatalogFunctionImpl;
import org.apache.flink.table.functions.ScalarFunction;

/** The functions of the catalog. */
enum FleetFunction {
  CALLER_PURPOSE("caller_purpose", CallerPurpose.class),
  EXPLAIN_CALLER("explain_caller", ExplainCaller.class),
  HUMAN_BYTES("human_bytes", HumanBytes.class),
  LOG2_BUCKET("log2_bucket", Log2Bucket.class);

  private final String functionName;
  private final Class<? extends ScalarFunction> type;

  FleetFunction(String functionName, Class<? extends ScalarFunction> type) {
    this.functionName = functionName;
    this.type = type;
  }

  String functionName() {
    return functionName;
  }

  CatalogFunction definition() {
    return new CatalogFunctionImpl(type.getName());
  }
}
