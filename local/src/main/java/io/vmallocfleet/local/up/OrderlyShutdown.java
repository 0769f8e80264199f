/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.up;

import java.util.concurrent.CountDownLatch;

/**
 * Turns SIGINT and SIGTERM into a request, and keeps the JVM alive until whoever asked has stopped
 * everything and closed this.
 */
final class OrderlyShutdown implements AutoCloseable {
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile boolean requested;

  OrderlyShutdown() {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  requested = true;
                  awaitStopped();
                },
                "orderly-shutdown"));
  }

  boolean isRequested() {
    return requested;
  }

  @Override
  public void close() {
    stopped.countDown();
  }

  private void awaitStopped() {
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
