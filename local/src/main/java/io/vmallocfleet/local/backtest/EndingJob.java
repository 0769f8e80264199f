/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.apache.flink.core.execution.JobClient;

/** Questions to a job whose cluster goes with it. */
final class EndingJob {
  private EndingJob() {}

  /**
   * What the job answers; empty if it ended first. A cluster that shuts down refuses some questions
   * and forgets others, and a future of these never completes: who waits for the answer alone waits
   * for ever.
   */
  static <T> Optional<T> ask(JobClient job, Function<JobClient, CompletableFuture<T>> question) {
    try {
      CompletableFuture<T> answer = question.apply(job);
      CompletableFuture<?> ended = job.getJobExecutionResult().handle((result, failure) -> result);
      CompletableFuture.anyOf(answer, ended).join();
      return Optional.ofNullable(answer.getNow(null));
    } catch (IllegalStateException | CompletionException e) {
      return Optional.empty();
    }
  }
}
