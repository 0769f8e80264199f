/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.functions;

import io.vmallocfleet.schemas.ByteCount;
import javax.annotation.Nullable;
import org.apache.flink.table.functions.ScalarFunction;

/** {@code human_bytes(14785195)} is {@code 14.1 MiB}. */
public final class HumanBytes extends ScalarFunction {
  @Nullable
  public String eval(@Nullable Long bytes) {
    return bytes == null ? null : new ByteCount(bytes).toString();
  }

  /** Averages and quantiles are no whole bytes. */
  @Nullable
  public String eval(@Nullable Double bytes) {
    return bytes == null ? null : new ByteCount(Math.round(bytes)).toString();
  }
}
