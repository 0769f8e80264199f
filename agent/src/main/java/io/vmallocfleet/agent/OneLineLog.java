/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;

/**
 * The agent's log: {@code java.util.logging} on standard error, one line an event. Kafka's own
 * warnings repeat every second while a broker is away and are left out; the agent says it once.
 *
 * <pre>2026-11-23T06:00:00+0000 INFO Kafka at 127.0.0.1:9092 has the first snapshot</pre>
 */
public final class OneLineLog {
  private static final String CONFIGURATION =
      """
      handlers=java.util.logging.ConsoleHandler
      .level=INFO
      org.apache.kafka.level=OFF
      java.util.logging.ConsoleHandler.formatter=java.util.logging.SimpleFormatter
      java.util.logging.SimpleFormatter.format=%1$tFT%1$tT%1$tz %4$s %5$s%6$s%n
      """;

  private OneLineLog() {}

  /** Keeps the log open while the process stops; the JDK's own closes it as that begins. */
  public static final class Manager extends LogManager {
    private volatile boolean started;

    @Override
    public void reset() {
      if (!started) {
        super.reset();
      }
    }
  }

  /** To be called before anything asks for a logger. */
  static void start() {
    System.setProperty("java.util.logging.manager", Manager.class.getName());
    try {
      LogManager.getLogManager()
          .readConfiguration(
              new ByteArrayInputStream(CONFIGURATION.getBytes(StandardCharsets.ISO_8859_1)));
      if (LogManager.getLogManager() instanceof Manager ours) {
        ours.started = true;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }
}
