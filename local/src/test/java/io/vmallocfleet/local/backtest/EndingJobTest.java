/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The moment between a question and the end of a job cannot be had from a real cluster at will. */
@Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EndingJobTest {
  private final CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();
  private final CompletableFuture<JobExecutionResult> result = new CompletableFuture<>();
  private final JobClient job = new Job(answer, result);

  @Test
  void has_the_answer_of_a_job_that_runs() {
    answer.complete(Map.of("read", 7));

    assertThat(EndingJob.ask(job, JobClient::getAccumulators)).contains(Map.of("read", 7));
  }

  @Test
  void does_not_wait_for_an_answer_that_the_end_forgot() {
    result.complete(new JobExecutionResult(new JobID(), 1, Map.of()));

    assertThat(EndingJob.ask(job, JobClient::getAccumulators)).isEmpty();
  }

  @Test
  void does_not_wait_for_an_answer_of_a_job_that_failed() {
    result.completeExceptionally(new IllegalStateException("damaged"));

    assertThat(EndingJob.ask(job, JobClient::getAccumulators)).isEmpty();
  }

  @Test
  void takes_a_refusal_for_no_answer() {
    answer.completeExceptionally(new IllegalStateException("shut down"));

    assertThat(EndingJob.ask(job, JobClient::getAccumulators)).isEmpty();
    assertThat(EndingJob.ask(job, j -> j.triggerSavepoint("", SavepointFormatType.CANONICAL)))
        .isEmpty();
  }

  private record Job(
      CompletableFuture<Map<String, Object>> getAccumulators,
      CompletableFuture<JobExecutionResult> getJobExecutionResult)
      implements JobClient {
    @Override
    public JobID getJobID() {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<JobStatus> getJobStatus() {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> cancel() {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<String> stopWithSavepoint(
        boolean advance, String directory, SavepointFormatType format) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<String> triggerSavepoint(
        String directory, SavepointFormatType format) {
      throw new IllegalStateException(
          "MiniCluster is not yet running or has already been shut down.");
    }
  }
}
