/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.functions;

import javax.annotation.Nullable;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * The bucket of a histogram with powers of two: {@code log2_bucket(x)} is i for 2<sup>i</sup> to
 * 2<sup>i+1</sup>-1, as in {@code hole_sizes_log2}; -1 for 0 and less.
 */
public final class Log2Bucket extends ScalarFunction {
  @Nullable
  public Integer eval(@Nullable Long value) {
    if (value == null) {
      return null;
    }
    return value <= 0 ? -1 : Long.SIZE - 1 - Long.numberOfLeadingZeros(value);
  }
}
