/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.functions;

import io.vmallocfleet.callers.CallerKnowledge;
import javax.annotation.Nullable;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * {@code caller_purpose('dup_task_struct', '')} is {@code Kernel stacks}: the family of callers a
 * function belongs to, {@code Unknown} for functions nobody has described.
 */
public final class CallerPurpose extends ScalarFunction {
  private transient CallerKnowledge knowledge;

  @Override
  public void open(FunctionContext context) {
    knowledge = CallerKnowledge.bundled();
  }

  @Nullable
  public String eval(@Nullable String function, @Nullable String module) {
    return function == null
        ? null
        : knowledge.meaning(function, module == null ? "" : module).family().label();
  }
}
