/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.schemas.FleetTopic;
import org.junit.jupiter.api.Test;

class AgentTopicTest {
  @Test
  void the_agent_spells_the_topic_as_the_contract_does() {
    assertThat(AgentConfig.TOPIC).isEqualTo(FleetTopic.SNAPSHOTS.topicName());
  }
}
