/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.kafka;

import io.vmallocfleet.local.stack.StackException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.annotation.Nullable;
import picocli.CommandLine.Option;

/** The two options every command has that talks to Kafka. A picocli mix-in. */
public final class KafkaOptions {
  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      description = "Kafka to talk to; by default the stack that is running here.")
  private @Nullable String bootstrap;

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description = {
        "Properties of Kafka clients, such as security.protocol and sasl.jaas.config:",
        "what Kafka's own tools take with --command-config."
      })
  private @Nullable Path config;

  private final Supplier<String> runningStack;

  /**
   * @param runningStack bootstrap of the stack that is running here, asked when none is given; may
   *     throw what tells the person that none runs
   */
  public KafkaOptions(Supplier<String> runningStack) {
    this.runningStack = runningStack;
  }

  /** Whether a Kafka other than that of the running stack is meant. */
  public boolean isGiven() {
    return bootstrap != null || config != null;
  }

  /**
   * @throws StackException when the file cannot be read, or no stack is running
   */
  public KafkaAccess access() {
    Map<String, String> properties = config == null ? Map.of() : read(config);
    return new KafkaAccess(bootstrap == null ? runningStack.get() : bootstrap, properties);
  }

  private static Map<String, String> read(Path file) {
    var properties = new Properties();
    try (Reader text = Files.newBufferedReader(file)) {
      properties.load(text);
    } catch (IOException | IllegalArgumentException e) {
      throw new StackException(
          "Kafka properties in %s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
    return properties.stringPropertyNames().stream()
        .collect(Collectors.toMap(name -> name, properties::getProperty));
  }
}
