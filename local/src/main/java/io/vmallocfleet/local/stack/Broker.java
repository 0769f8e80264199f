/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.stack;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.fault.LoggingFaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kafka broker in this JVM: KRaft, broker and controller in one, listening on 127.0.0.1
 * only.
 *
 * <p>Wired as {@link KafkaRaftServer} does it, with two parts of our own. Its sockets are bound
 * before anything starts, so a port is free or refused by name and cannot be lost in between. Its
 * fatal faults come out of {@link #start} or to {@link #failure()} with their cause; Kafka's own
 * handlers halt the JVM without a line.
 *
 * <p><b>Restart:</b> the same directory is taken up again after {@link #close()} and after a killed
 * JVM, on the same port or another. The cluster id stays.
 */
public final class Broker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Broker.class);

  private static final int NODE_ID = 1;
  private static final String CLIENTS = "PLAINTEXT";
  private static final String CONTROLLER = "CONTROLLER";
  private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(10);

  private final String bootstrap;
  private final String clusterId;
  private final ControllerServer controller;
  private final BrokerServer broker;
  private final CompletableFuture<Throwable> fault;

  private Broker(
      String bootstrap,
      String clusterId,
      ControllerServer controller,
      BrokerServer broker,
      CompletableFuture<Throwable> fault) {
    this.bootstrap = bootstrap;
    this.clusterId = clusterId;
    this.controller = controller;
    this.broker = broker;
    this.fault = fault;
  }

  /**
   * Starts a broker and returns once it serves clients.
   *
   * @throws StackException when the port is taken, the directory cannot be used, or Kafka gives up
   */
  public static Broker start(BrokerSettings settings) {
    Map<String, ServerSocketChannel> sockets = new HashMap<>();
    try {
      sockets.put(CLIENTS, Loopback.listen(settings.port(), "Kafka"));
      sockets.put(CONTROLLER, Loopback.listen(0, "Kafka's controller"));
      Broker started = wire(settings, sockets);
      started.startup();
      return started;
    } catch (IOException | UncheckedIOException e) {
      sockets.values().forEach(socket -> Utils.closeQuietly(socket, "socket"));
      throw new StackException(
          "Kafka cannot use %s: %s".formatted(settings.directory(), e.getMessage()), e);
    } catch (RuntimeException e) {
      sockets.values().forEach(socket -> Utils.closeQuietly(socket, "socket"));
      throw e;
    }
  }

  /** What clients connect to, as {@code 127.0.0.1:9092}. */
  public String bootstrap() {
    return bootstrap;
  }

  /** Given at the first start on the directory, kept ever after. */
  public String clusterId() {
    return clusterId;
  }

  /** Why Kafka gave up after its start; it serves nobody any more and should be closed. */
  public Optional<Throwable> failure() {
    return Optional.ofNullable(fault.getNow(null));
  }

  /** Hands over what is in flight and flushes the logs; takes at most some ten seconds. */
  @Override
  public void close() {
    broker.shutdown(SHUTDOWN_LIMIT);
    controller.shutdown();
  }

  private static Broker wire(BrokerSettings wanted, Map<String, ServerSocketChannel> sockets)
      throws IOException {
    Path directory = wanted.directory();
    Files.createDirectories(directory);
    int clientPort = Loopback.port(sockets.get(CLIENTS));
    int controllerPort = Loopback.port(sockets.get(CONTROLLER));
    Map<String, String> settings = settings(directory, clientPort, controllerPort);
    settings.putAll(wanted.more());
    var config = new KafkaConfig(settings, false);
    format(directory);

    var fault = new CompletableFuture<Throwable>();
    reportExits(fault);
    var identity = KafkaRaftServer.initializeLogDirs(config, LOG, "");
    String clusterId = identity._1().clusterId().orElseThrow();
    var shared =
        new SharedServer(
            config,
            identity._1(),
            Time.SYSTEM,
            Server.initializeMetrics(config, Time.SYSTEM, clusterId),
            CompletableFuture.completedFuture(
                QuorumConfig.parseVoterConnections(config.quorumConfig().voters())),
            QuorumConfig.parseBootstrapServers(config.quorumConfig().bootstrapServers()),
            (name, fatal, action) ->
                fatal ? fatal(name, action, fault) : new LoggingFaultHandler(name, action),
            (listener, address, backlog, receiveBufferBytes) -> {
              ServerSocketChannel socket = sockets.get(listener);
              socket.configureBlocking(false);
              return socket;
            });
    return new Broker(
        Loopback.ADDRESS + ":" + clientPort,
        clusterId,
        new ControllerServer(shared, KafkaRaftServer.configSchema(), identity._2()),
        new BrokerServer(shared),
        fault);
  }

  /**
   * Controller, then broker, in a thread of their own: a fault in another thread must not leave us
   * waiting.
   */
  private void startup() {
    var starting =
        new CompletableFuture<Void>()
            .completeAsync(
                () -> {
                  controller.startup();
                  broker.startup();
                  return null;
                },
                task -> new Thread(task, "kafka-start").start());
    try {
      CompletableFuture.anyOf(starting, fault).join();
      if (fault.isDone()) {
        throw new CompletionException(fault.join());
      }
    } catch (CompletionException e) {
      Throwable cause = failure().orElse(e.getCause());
      try {
        close();
      } catch (RuntimeException notCleanlyStopped) {
        cause.addSuppressed(notCleanlyStopped);
      }
      throw new StackException("Kafka did not start: " + rootMessage(cause), cause);
    }
  }

  /**
   * A voter set from the configuration rather than from the metadata log: the log would hold the
   * controller's address of the first run, and a later run may have another port.
   */
  private static Map<String, String> settings(Path directory, int clientPort, int controllerPort) {
    String listeners =
        "%s://%s:%d,%s://%s:%d"
            .formatted(
                CLIENTS,
                Loopback.ADDRESS,
                clientPort,
                CONTROLLER,
                Loopback.ADDRESS,
                controllerPort);
    Map<String, String> settings = new HashMap<>();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", String.valueOf(NODE_ID));
    settings.put("listeners", listeners);
    settings.put("advertised.listeners", listeners);
    settings.put("controller.listener.names", CONTROLLER);
    settings.put(
        "controller.quorum.voters",
        "%d@%s:%d".formatted(NODE_ID, Loopback.ADDRESS, controllerPort));
    settings.put("log.dirs", directory.toString());
    settings.put("auto.create.topics.enable", "false");

    for (String prefix : new String[] {"offsets.topic", "share.coordinator.state.topic"}) {
      settings.put(prefix + ".num.partitions", "1");
      settings.put(prefix + ".replication.factor", "1");
    }
    settings.put("share.coordinator.state.topic.min.isr", "1");
    settings.put("transaction.state.log.num.partitions", "1");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("group.initial.rebalance.delay.ms", "0");

    // A stack stopped tonight must still commit tomorrow what its last checkpoint promised.
    settings.put("transaction.max.timeout.ms", String.valueOf(Duration.ofDays(7).toMillis()));
    // Snapshots reach 8 MiB; the topics say so themselves, this is for the broker's own copies.
    settings.put("message.max.bytes", String.valueOf(9 << 20));
    settings.put("replica.fetch.max.bytes", String.valueOf(9 << 20));

    // After a kill the controller refuses the broker until the session of its predecessor is over:
    // the default would make every such start nine seconds longer.
    settings.put("broker.session.timeout.ms", "3000");
    settings.put("broker.heartbeat.interval.ms", "500");

    // Small: one user, a few partitions. The cleaner alone would otherwise take 128 MiB.
    settings.put("log.cleaner.dedupe.buffer.size", String.valueOf(4 << 20));
    settings.put("log.segment.bytes", String.valueOf(256 << 20));
    settings.put("log.index.size.max.bytes", String.valueOf(1 << 20));
    settings.put("num.network.threads", "2");
    settings.put("num.io.threads", "4");
    settings.put("background.threads", "2");
    settings.put("group.coordinator.threads", "1");
    settings.put("share.coordinator.threads", "1");
    // Otherwise an idle broker appends a no-op to its metadata log, and syncs the disk, twice a
    // second.
    settings.put("metadata.max.idle.interval.ms", "0");
    return settings;
  }

  /** Formats a directory that was never used; meta.properties is what Kafka writes last. */
  private static void format(Path directory) throws IOException {
    if (Files.exists(directory.resolve("meta.properties"))) {
      return;
    }
    try {
      new Formatter()
          .setPrintStream(
              new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
          .setNodeId(NODE_ID)
          .setClusterId(Uuid.randomUuid().toString())
          .setControllerListenerName(CONTROLLER)
          .setMetadataLogDirectory(directory.toString())
          .addDirectory(directory.toString())
          .setIgnoreFormatted(true)
          .run();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("cannot be formatted: " + e.getMessage(), e);
    }
  }

  private static FaultHandler fatal(
      String name, Runnable action, CompletableFuture<Throwable> fault) {
    return (message, cause) -> {
      LOG.error("Kafka gives up: {}: {}", name, message, cause);
      var failure =
          new StackException(
              "Kafka gave up: %s: %s%s"
                  .formatted(name, message, cause == null ? "" : ": " + rootMessage(cause)),
              cause);
      action.run();
      fault.complete(failure);
      return failure;
    };
  }

  /**
   * Some of Kafka's code, such as a log directory gone bad, ends the JVM directly. The thread that
   * wanted to is stopped by an exception, since its code relies on {@code halt} never returning.
   */
  private static void reportExits(CompletableFuture<Throwable> fault) {
    Exit.Procedure report =
        (status, message) -> {
          var failure =
              new StackException(
                  "Kafka gave up with status %d%s: the log says why"
                      .formatted(status, message == null ? "" : " (" + message + ")"));
          fault.complete(failure);
          throw failure;
        };
    Exit.setExitProcedure(report);
    Exit.setHaltProcedure(report);
  }

  private static String rootMessage(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getName() : root.getMessage();
  }
}
