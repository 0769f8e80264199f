/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A container that does one thing, and what it has printed so far. Closing it ends it. */
record RunningService(Process process, Path log) implements AutoCloseable {
  String said() {
    try {
      return Files.readString(log, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isOver() {
    return !process.isAlive();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      Files.delete(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
