/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import io.vmallocfleet.local.stack.DataDirectory;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What Ctrl-C and SIGTERM do while a benchmark runs: its processes end first, then the directory
 * they write to is deleted, then this JVM ends.
 */
final class Interruption implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 10;

  private final DataDirectory data;
  private final Thread hook = new Thread(this::stop, "bench-interruption");
  private volatile boolean requested;

  Interruption(DataDirectory data) {
    this.data = data;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Whether processes that end do so because somebody wants them to. */
  boolean isRequested() {
    return requested;
  }

  /** From now on this JVM ends as others do. */
  @Override
  public void close() {
    if (!requested) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // It ends at this very moment; what is closed already is closed again.
      }
    }
  }

  private void stop() {
    requested = true;
    ProcessHandle.current().children().forEach(Interruption::end);
    data.close();
  }

  private static void end(ProcessHandle process) {
    process.destroy();
    try {
      process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      process.destroyForcibly();
    }
  }
}
