/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.access;

import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import io.vmallocfleet.schemas.FleetTopic;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * A part of the product as Kafka's authorizer sees it, with all it may do and nothing else. An
 * idempotent producer needs no right beside WRITE on its topic (KIP-679).
 */
public enum FleetUser {
  /** Writes snapshots. Cannot read anybody's, nor write anything the jobs are to believe. */
  AGENT("vmalloc-agent", topic(FleetTopic.SNAPSHOTS, WRITE, DESCRIBE)),

  /**
   * Both jobs; alert-routing also watches what the other writes. Consumer groups only show their
   * progress.
   */
  JOBS(
      "fleet-jobs",
      topic(FleetTopic.SNAPSHOTS, READ, DESCRIBE),
      topic(FleetTopic.RULES, READ, DESCRIBE),
      topic(FleetTopic.FINDINGS, READ, WRITE, DESCRIBE),
      topic(FleetTopic.ALERTS, READ, WRITE, DESCRIBE),
      topic(FleetTopic.CALLER_WINDOWS, READ, WRITE, DESCRIBE),
      topic(FleetTopic.HOST_WINDOWS, WRITE, DESCRIBE),
      topic(FleetTopic.DEAD_LETTERS, READ, WRITE, DESCRIBE),
      on(ResourceType.GROUP, "fleet-analytics", PatternType.LITERAL, READ),
      on(ResourceType.GROUP, "alert-routing", PatternType.LITERAL, READ),
      on(ResourceType.TRANSACTIONAL_ID, "fleet-analytics-", PatternType.PREFIXED, WRITE, DESCRIBE)),

  /** People who acknowledge, mute and change rules, and the console. */
  OPERATOR("fleet-operator", everyTopic(READ, DESCRIBE), topic(FleetTopic.RULES, WRITE)),

  /** SQL and dashboards. */
  READER("fleet-reader", everyTopic(READ, DESCRIBE));

  /** A resource and what may be done with it. */
  public record Right(ResourcePattern resource, List<AclOperation> operations) {}

  private final String userName;
  private final List<Right> rights;

  FleetUser(String userName, Right... rights) {
    this.userName = userName;
    this.rights = List.of(rights);
  }

  /** As it logs in. */
  public String userName() {
    return userName;
  }

  public List<Right> rights() {
    return rights;
  }

  Stream<AclBinding> bindings() {
    return rights.stream()
        .flatMap(
            right ->
                right.operations().stream()
                    .map(operation -> new AclBinding(right.resource(), allowed(operation))));
  }

  private AccessControlEntry allowed(AclOperation operation) {
    return new AccessControlEntry("User:" + userName, "*", operation, AclPermissionType.ALLOW);
  }

  private static Right topic(FleetTopic topic, AclOperation... operations) {
    return on(ResourceType.TOPIC, topic.topicName(), PatternType.LITERAL, operations);
  }

  private static Right everyTopic(AclOperation... operations) {
    return on(ResourceType.TOPIC, "vmalloc.", PatternType.PREFIXED, operations);
  }

  private static Right on(
      ResourceType type, String name, PatternType pattern, AclOperation... operations) {
    return new Right(new ResourcePattern(type, name, pattern), List.of(operations));
  }
}
