/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.functions;

import io.vmallocfleet.callers.CallerKnowledge;
import io.vmallocfleet.callers.CallerMeaning;
import javax.annotation.Nullable;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;

/** What an area of a function holds, who owns the code, and what growth usually means. */
public final class ExplainCaller extends ScalarFunction {
  private transient CallerKnowledge knowledge;

  @Override
  public void open(FunctionContext context) {
    knowledge = CallerKnowledge.bundled();
  }

  @Nullable
  public String eval(@Nullable String function) {
    return eval(function, "");
  }

  /** A function of a module may mean something else than one of the kernel. */
  @Nullable
  public String eval(@Nullable String function, @Nullable String module) {
    if (function == null) {
      return null;
    }
    CallerMeaning meaning = knowledge.meaning(function, module == null ? "" : module);
    return meaning.known()
        ? "%s (%s). The number of areas follows: %s. Growth usually means: %s."
            .formatted(
                meaning.purpose(),
                meaning.subsystem(),
                meaning.growth(),
                meaning.growthUsuallyMeans())
        : "Nothing is known about it: " + meaning.purpose();
  }
}
