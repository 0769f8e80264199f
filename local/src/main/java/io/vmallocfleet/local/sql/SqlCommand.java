/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.sql;

import io.vmallocfleet.local.kafka.KafkaOptions;
import io.vmallocfleet.local.stack.DataDirectory;
import io.vmallocfleet.local.stack.FlinkCluster;
import io.vmallocfleet.local.stack.FlinkSettings;
import io.vmallocfleet.local.stack.StackException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.annotation.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Asks the fleet in SQL: one statement, a file, or Flink's own client. */
@Command(
    name = "sql",
    description = {
      "Ask the fleet in SQL: every topic is a table. Without -e and -f opens Flink's SQL client.",
      "Questions end with the present end of the topics; --streaming goes on until Ctrl-C."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "  ./vmalloc-fleet sql -e 'SHOW TABLES'",
      "  ./vmalloc-fleet sql -e 'SELECT hostname, human_bytes(held_bytes) FROM hosts'"
    })
public final class SqlCommand implements Callable<Integer> {
  private static final Pattern ADDRESS_AND_PORT = Pattern.compile("([^:]+):(\\d{1,5})");

  @Option(
      names = {"-e", "--execute"},
      paramLabel = "SQL",
      description = "Run this, one statement or several with ; between them.")
  private @Nullable String statement;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "Run the statements in FILE; - is standard input.")
  private @Nullable Path file;

  @Option(
      names = "--format",
      paramLabel = "table|csv|json",
      defaultValue = "table",
      description = "How results of -e and -f are printed (default: ${DEFAULT-VALUE}).")
  private ResultFormat format;

  @Option(
      names = "--streaming",
      description = "Read on and on, and print each change of the result.")
  private boolean streaming;

  @Option(
      names = "--gateway",
      paramLabel = "URL",
      description = "SQL gateway to ask; by default that of the stack that is running here.")
  private @Nullable URI gateway;

  @Option(
      names = "--serve",
      paramLabel = "ADDRESS:PORT",
      description = {
        "Be a gateway that others ask, with a Flink of its own, until stopped: for --gateway, JDBC and",
        "the console. It asks nobody who they are: let only a network reach it that may see all of it."
      })
  private @Nullable String serve;

  @Mixin private final KafkaOptions kafka;

  @Spec private CommandSpec spec;

  private final Supplier<URI> runningGateway;
  private final InputStream input;

  /**
   * @param runningGateway gateway of the stack that is running here; may throw what tells the
   *     person that none runs
   */
  public SqlCommand(
      Supplier<String> runningStack, Supplier<URI> runningGateway, InputStream input) {
    this.kafka = new KafkaOptions(runningStack);
    this.runningGateway = runningGateway;
    this.input = input;
  }

  @Override
  public Integer call() throws Exception {
    if (statement != null && file != null) {
      throw new ParameterException(spec.commandLine(), "-e and -f together: give one of them");
    }
    if (gateway != null && kafka.isGiven()) {
      throw new ParameterException(
          spec.commandLine(),
          "--gateway has its Kafka already: give --bootstrap and --kafka-config without it");
    }
    if (serve != null) {
      return serve(serve);
    }
    if (!kafka.isGiven()) {
      ask(gateway != null ? gateway : runningGateway.get(), settings());
      return 0;
    }
    try (var directory = DataDirectory.temporary();
        var cluster =
            FlinkCluster.start(new FlinkSettings(directory.flink(), 0, 4, Duration.ofSeconds(10)));
        var own =
            QueryGateway.start(
                kafka.access(), cluster.ui(), directory.flink().resolve("checkpoints"), 0)) {
      Map<String, String> settings = settings();
      // The cluster ends with this command, and a job with its cluster: an INSERT is waited for.
      settings.put("table.dml-sync", "true");
      ask(own.address(), settings);
    }
    return 0;
  }

  private int serve(String where) throws Exception {
    Matcher parts = ADDRESS_AND_PORT.matcher(where);
    if (statement != null || file != null || gateway != null || !parts.matches()) {
      throw new ParameterException(
          spec.commandLine(),
          "--serve is \"%s\": expected ADDRESS:PORT such as 127.0.0.1:8083, without -e, -f and --gateway"
              .formatted(where));
    }
    int port = Integer.parseInt(parts.group(2));
    try (var directory = DataDirectory.temporary();
        var cluster =
            FlinkCluster.start(new FlinkSettings(directory.flink(), 0, 4, Duration.ofSeconds(10)));
        var own =
            QueryGateway.start(
                kafka.access(),
                cluster.ui(),
                directory.flink().resolve("checkpoints"),
                parts.group(1),
                port)) {
      spec.commandLine().getOut().println("SQL gateway at " + own.address());
      spec.commandLine().getOut().flush();
      new CountDownLatch(1).await();
    }
    return 0;
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    if (streaming) {
      settings.put("execution.runtime-mode", "streaming");
    }
    return settings;
  }

  private void ask(URI address, Map<String, String> settings) throws IOException {
    if (statement == null && file == null && System.console() != null) {
      InteractiveClient.open(address, settings);
    } else {
      List<String> statements = SqlScript.statements(script());
      if (statements.isEmpty()) {
        throw new StackException("there is no statement in it");
      }
      try (var session = new GatewaySession(address, settings)) {
        // Ctrl-C ends the query on the cluster too, not only here.
        Runtime.getRuntime().addShutdownHook(new Thread(session::close, "close-session"));
        run(session, statements, format, spec.commandLine().getOut());
      }
    }
  }

  /** Runs statements one after another; a change of mode by one of them holds for the next. */
  static void run(
      GatewaySession session, List<String> statements, ResultFormat format, PrintWriter out) {
    for (String statement : statements) {
      boolean changes = !session.setting("execution.runtime-mode").equalsIgnoreCase("batch");
      session.run(statement, format.receiver(out, changes));
    }
  }

  private String script() throws IOException {
    if (statement != null) {
      return statement;
    }
    if (file == null || file.toString().equals("-")) {
      return new String(input.readAllBytes(), StandardCharsets.UTF_8);
    }
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new StackException("%s cannot be read: %s".formatted(file, e), e);
    }
  }
}
