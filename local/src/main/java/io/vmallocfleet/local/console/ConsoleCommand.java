/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.console;

import io.vmallocfleet.console.Console;
import io.vmallocfleet.console.ConsoleSettings;
import io.vmallocfleet.console.feed.KafkaConnection;
import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.kafka.KafkaOptions;
import io.vmallocfleet.local.stack.StackException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import javax.annotation.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Serves the web console until it is stopped. Kafka need not be there: the pages say that they wait
 * for it.
 */
@Command(
    name = "console",
    description = {
      "Serve the web console: the fleet, callers, hosts with their address space, alerts.",
      "Listens on 127.0.0.1; on another address it wants a token or a proxy that signs people in.",
      "Reading our topics is all it needs of Kafka; acknowledging an alert writes to vmalloc.rules."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class ConsoleCommand implements Callable<Integer> {
  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8090",
      description = "Where to listen (default: ${DEFAULT-VALUE}; 0 for a free one).")
  private int port;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "On which address (default: ${DEFAULT-VALUE}).")
  private String bind;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "A file with the word that people and programs must give.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--trusted-proxy",
      paramLabel = "ADDRESS",
      description = "Answer only this proxy, which names people in X-Forwarded-User.")
  private @Nullable String trustedProxy;

  @Option(
      names = "--flink",
      paramLabel = "URL",
      description = "Flink's web UI, for the state of the jobs and a link.")
  private @Nullable URI flink;

  @Option(
      names = "--sql-gateway",
      paramLabel = "URL",
      description = "Flink's SQL gateway, for the SQL page.")
  private @Nullable URI sqlGateway;

  @Mixin private final KafkaOptions kafka;

  @Spec private CommandSpec spec;

  /**
   * @param runningStack bootstrap of the stack that is running here
   */
  public ConsoleCommand(Supplier<String> runningStack) {
    this.kafka = new KafkaOptions(runningStack);
  }

  @Override
  public Integer call() throws InterruptedException {
    ConsoleSettings settings = settings();
    var stopped = new CountDownLatch(1);
    try (Console console = start(settings)) {
      Runtime.getRuntime().addShutdownHook(new Thread(stopped::countDown, "console-stop"));
      spec.commandLine().getOut().println("console " + console.url());
      stopped.await();
    }
    return 0;
  }

  private ConsoleSettings settings() {
    KafkaAccess access = kafka.access();
    Optional<String> token = Optional.ofNullable(tokenFile).map(ConsoleCommand::token);
    try {
      return new ConsoleSettings(
          new KafkaConnection(access.bootstrap(), access.properties()),
          bind,
          port,
          token,
          Optional.ofNullable(trustedProxy),
          Optional.ofNullable(flink),
          Optional.ofNullable(sqlGateway));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private static String token(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new StackException(
          "the token in %s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static Console start(ConsoleSettings settings) {
    try {
      return Console.start(settings, Clock.systemUTC());
    } catch (IllegalStateException e) {
      throw new StackException(e.getMessage(), e);
    }
  }
}
