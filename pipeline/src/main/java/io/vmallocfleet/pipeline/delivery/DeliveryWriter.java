/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.base.sink.writer.AsyncSinkWriter;
import org.apache.flink.connector.base.sink.writer.BufferedRequestState;
import org.apache.flink.connector.base.sink.writer.DequeRequestBuffer;
import org.apache.flink.connector.base.sink.writer.RequestEntryWrapper;
import org.apache.flink.connector.base.sink.writer.ResultHandler;
import org.apache.flink.connector.base.sink.writer.SimpleBatchCreator;
import org.apache.flink.connector.base.sink.writer.config.AsyncSinkWriterConfiguration;
import org.apache.flink.metrics.Counter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells every destination, batch by batch and in order, one request at a time each.
 *
 * <p>Flink's base class would hold a task until a failed request succeeds, and with it the whole
 * job for the length of an outage. So a request here always ends within its timeout: what a
 * destination did not take waits in its {@link Outbox}, which is part of every checkpoint, and is
 * tried again by a timer. A destination that is down costs the others nothing, and the job at most
 * one request timeout each time it goes down. Counts {@code failedRequests}, shows {@code
 * waitingNotices} and {@code secondsDown}.
 */
final class DeliveryWriter extends AsyncSinkWriter<Notice, Notice> {
  private static final Logger LOG = LoggerFactory.getLogger(DeliveryWriter.class);
  static final int BATCH = 500;

  private final MailboxExecutor mailbox;
  private final ProcessingTimeService clock;
  private final List<Outbox> outboxes;
  private final Counter failedRequests;

  DeliveryWriter(
      WriterInitContext context,
      AsyncSinkWriterConfiguration configuration,
      Collection<BufferedRequestState<Notice>> waiting,
      List<Destination> destinations) {
    super(
        (notice, ignored) -> notice,
        context,
        configuration,
        waiting,
        new SimpleBatchCreator<>(configuration.getMaxBatchSizeInBytes()),
        new DequeRequestBuffer<>());
    this.mailbox = context.getMailboxExecutor();
    this.clock = context.getProcessingTimeService();
    this.outboxes = destinations.stream().map(Outbox::new).toList();
    this.failedRequests = context.metricGroup().counter("failedRequests");
    context.metricGroup().gauge("waitingNotices", this::waitingNotices);
    context.metricGroup().gauge("secondsDown", this::secondsDown);
  }

  @Override
  protected void submitRequestEntries(List<Notice> notices, ResultHandler<Notice> result) {
    List<CompletableFuture<Void>> told = new ArrayList<>();
    for (Outbox outbox : outboxes) {
      Destination destination = outbox.destination();
      List<Notice> wanted =
          notices.stream()
              .filter(n -> n.isFor(destination.name()) && destination.wants(n))
              .toList();
      if (wanted.isEmpty()) {
        continue;
      }
      if (outbox.isBusy()) {
        outbox.keep(wanted);
      } else {
        told.add(tell(outbox, wanted));
      }
    }
    CompletableFuture.allOf(told.toArray(CompletableFuture<?>[]::new))
        .whenComplete((all, never) -> result.complete());
  }

  /** Done when they are told, or kept. */
  private CompletableFuture<Void> tell(Outbox outbox, List<Notice> notices) {
    var ended = new CompletableFuture<Void>();
    attempt(outbox.destination(), notices)
        .whenComplete(
            (ok, failure) ->
                mailbox.execute(
                    () -> {
                      if (failure != null) {
                        outbox.keep(notices);
                        tryLater(outbox, failure);
                      }
                      ended.complete(null);
                    },
                    "told %s",
                    outbox.destination().name()));
    return ended;
  }

  private void tryAgain(Outbox outbox) {
    List<Notice> notices = outbox.first(BATCH);
    attempt(outbox.destination(), notices)
        .whenComplete(
            (ok, failure) ->
                mailbox.execute(
                    () -> {
                      if (failure != null) {
                        tryLater(outbox, failure);
                        return;
                      }
                      if (outbox.isDown()) {
                        LOG.info("{} answers again", outbox.destination().name());
                      }
                      outbox.told(notices);
                      if (!outbox.waiting().isEmpty()) {
                        tryAgain(outbox);
                      }
                    },
                    "tried %s again",
                    outbox.destination().name()));
  }

  private void tryLater(Outbox outbox, Throwable failure) {
    failedRequests.inc();
    boolean first = !outbox.isDown();
    long now = clock.getCurrentProcessingTime();
    Duration wait = outbox.failed(now);
    if (first) {
      LOG.warn(
          "{} was not told, trying again until it is: {}",
          outbox.destination().name(),
          failure.toString());
    }
    clock.registerTimer(now + wait.toMillis(), time -> tryAgain(outbox));
  }

  private static CompletableFuture<Void> attempt(Destination destination, List<Notice> notices) {
    try {
      return destination.tell(notices);
    } catch (RuntimeException e) {
      // A secret's file may be gone for a moment.
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  protected long getSizeInBytes(Notice notice) {
    return notice.record().length;
  }

  @Override
  public List<BufferedRequestState<Notice>> snapshotState(long checkpointId) {
    List<BufferedRequestState<Notice>> state = new ArrayList<>(super.snapshotState(checkpointId));
    for (Outbox outbox : outboxes) {
      state.add(
          new BufferedRequestState<>(
              outbox.waiting().stream()
                  .map(notice -> new RequestEntryWrapper<>(notice, getSizeInBytes(notice)))
                  .toList()));
    }
    return state;
  }

  private int waitingNotices() {
    return outboxes.stream().mapToInt(outbox -> outbox.waiting().size()).sum();
  }

  private long secondsDown() {
    long now = System.currentTimeMillis();
    return outboxes.stream()
        .filter(Outbox::isDown)
        .mapToLong(outbox -> (now - outbox.downSinceMillis()) / 1000)
        .max()
        .orElse(0);
  }
}
