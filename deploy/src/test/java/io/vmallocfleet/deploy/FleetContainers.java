/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.deploy;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Bind;
import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.stack.TopicAdmin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/** Kafka, the jobs on Flink, and the agent, each in a container, as far as a test starts them. */
final class FleetContainers implements AutoCloseable {
  static final Duration WINDOW = Duration.ofSeconds(10);

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final DockerImageName KAFKA = DockerImageName.parse("apache/kafka:4.3.1");
  private static final DockerImageName FLINK = DockerImageName.parse("flink:2.3.0-java17");
  private static final String INSIDE = "kafka:19092";
  private static final int FLINK_PORT = 8081;
  private static final Duration START_WITHIN = Duration.ofMinutes(4);
  private static final String FLINK_SETTINGS =
      """
      jobmanager.rpc.address: jobmanager
      jobmanager.memory.process.size: 768m
      taskmanager.memory.process.size: 1280m
      taskmanager.memory.managed.size: 128m
      taskmanager.numberOfTaskSlots: 4
      parallelism.default: 2
      state.backend.type: hashmap
      execution.checkpointing.dir: file:///state
      execution.checkpointing.externalized-checkpoint-retention: RETAIN_ON_CANCELLATION
      """;

  private final Path state;
  private final Network network = Network.newNetwork();
  private final KafkaContainer kafka;
  private GenericContainer<?> jobManager;
  private GenericContainer<?> taskManager;
  private GenericContainer<?> agent;

  /**
   * Kafka with our topics.
   *
   * @param state what JobManager and TaskManager share; made writable for their user
   */
  FleetContainers(Path state) throws IOException {
    this.state = state;
    Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxrwxrwx"));
    kafka =
        new KafkaContainer(KAFKA)
            .withNetwork(network)
            .withNetworkAliases("kafka")
            .withListener(INSIDE)
            .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
            .withEnv("KAFKA_TRANSACTION_MAX_TIMEOUT_MS", "604800000");
    kafka.start();
    try (var admin = new TopicAdmin(KafkaAccess.open(bootstrap()))) {
      admin.createMissing(TopicAdmin.wanted(4, (short) 1));
    }
  }

  /** For the test itself. */
  String bootstrap() {
    return kafka.getBootstrapServers();
  }

  /** Both jobs, from the newest checkpoint or savepoint in the state directory. */
  void startJobs(Path jar) {
    jobManager =
        flink(jar)
            .withCommand(
                "standalone-job", "--job-classname", "io.vmallocfleet.pipeline.deploy.FleetJobs")
            .withNetworkAliases("jobmanager")
            .withExposedPorts(FLINK_PORT)
            .waitingFor(Wait.forHttp("/jobs").forPort(FLINK_PORT).withStartupTimeout(START_WITHIN));
    taskManager = flink(jar).withCommand("taskmanager");
    jobManager.start();
    taskManager.start();
  }

  /** Flink's REST address. */
  String flink() {
    return "http://%s:%d".formatted(jobManager.getHost(), jobManager.getMappedPort(FLINK_PORT));
  }

  String jobManagerLog() {
    return jobManager.getLogs();
  }

  void stopJobs() {
    taskManager.stop();
    jobManager.stop();
  }

  /** The agent of this host, from its own Dockerfile. */
  void startAgent() {
    var image =
        new ImageFromDockerfile()
            .withFileFromPath("Dockerfile", ROOT.resolve("deploy/images/agent.Dockerfile"))
            .withFileFromPath("LICENSE", ROOT.resolve("LICENSE"))
            .withFileFromPath("NOTICE", ROOT.resolve("NOTICE"))
            .withFileFromPath("agent/target/dist", ROOT.resolve("agent/target/dist"));
    agent =
        new GenericContainer<>(image)
            .withNetwork(network)
            .withEnv("VMALLOC_AGENT_BOOTSTRAP", INSIDE)
            .withEnv("VMALLOC_AGENT_INTERVAL", "5s")
            .withCreateContainerCmdModifier(
                create ->
                    bound(create, "/etc/machine-id:/etc/machine-id:ro")
                        .withUser("0:0")
                        .withHostName("agent-in-container"))
            .waitingFor(Wait.forHealthcheck().withStartupTimeout(START_WITHIN));
    agent.start();
  }

  @Override
  public void close() {
    Stream.of(agent, taskManager, jobManager, kafka)
        .filter(container -> container != null)
        .forEach(GenericContainer::stop);
    network.close();
  }

  /**
   * Not by Testcontainers' own method, which first pulls an image to see whether files can be
   * bound.
   */
  private static CreateContainerCmd bound(CreateContainerCmd create, String bind) {
    create.getHostConfig().withBinds(Bind.parse(bind));
    return create;
  }

  private GenericContainer<?> flink(Path jar) {
    return new GenericContainer<>(FLINK)
        .withNetwork(network)
        .withCopyFileToContainer(
            MountableFile.forHostPath(jar, 0644), "/opt/flink/usrlib/vmalloc-fleet-jobs.jar")
        .withCreateContainerCmdModifier(create -> bound(create, state + ":/state"))
        .withEnv("FLINK_PROPERTIES", FLINK_SETTINGS)
        .withEnv("VMALLOC_PIPELINE_BOOTSTRAP", INSIDE)
        .withEnv("VMALLOC_PIPELINE_WINDOW", WINDOW.toSeconds() + "s")
        .withEnv("VMALLOC_PIPELINE_MAX_OUT_OF_ORDERNESS", "2s")
        .withEnv("VMALLOC_PIPELINE_IDLENESS", "15s")
        .withEnv("VMALLOC_PIPELINE_CHECKPOINT_INTERVAL", "5s")
        .withEnv("VMALLOC_PIPELINE_GROWTH_BUCKET", "10s")
        .withEnv("VMALLOC_PIPELINE_GROWTH_MINIMUM_Z", "3.5");
  }
}
