/* SPDX-License-Identifier: Apache-2.0 */
import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.stack.Broker;
import io.vmallocfleet.local.stack.BrokerSettings;
import io.vmallocfleet.local.stack.TopicAdmin;
import io.vmallocfleet.schemas.FleetTopic;
import java.nio.file.Path;
import java.util.List;

/**
 * A Kafka broker with our snapshots topic on 127.0.0.1 and nothing beside it, until killed: what a
 * trial of the agent alone needs. Started from source with the class path of module local; prints
 * {@code 127.0.0.1:PORT} once it serves.
 *
 * <pre>java -cp 'local/target/classes:local/target/lib/*' benchmarks/agent/TemporaryBroker.java DIRECTORY</pre>
 */
final class TemporaryBroker {
  private static final int PARTITIONS = 4;

  private TemporaryBroker() {}

  public static void main(String[] args) throws InterruptedException {
    // Never closed in order: whoever starts this kills it and removes the directory.
    Broker broker = Broker.start(new BrokerSettings(Path.of(args[0]), 0));
    try (var topics = new TopicAdmin(KafkaAccess.open(broker.bootstrap()))) {
      FleetTopic snapshots = FleetTopic.SNAPSHOTS;
      topics.createMissing(
          List.of(
              new TopicAdmin.Wanted(
                  snapshots.topicName(), PARTITIONS, (short) 1, snapshots.settings())));
    }
    System.out.println(broker.bootstrap());
    Thread.currentThread().join();
  }
}
