/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class InStepTest {
  private static final TopicPartition ONE = new TopicPartition("t", 0);
  private static final TopicPartition TWO = new TopicPartition("t", 1);
  private final InStep inStep = new InStep();

  private static ConsumerRecord<byte[], byte[]> record(TopicPartition partition, long at) {
    return new ConsumerRecord<>(
        partition.topic(),
        partition.partition(),
        at,
        at,
        TimestampType.CREATE_TIME,
        0,
        0,
        null,
        new byte[0],
        new RecordHeaders(),
        Optional.empty());
  }

  private Long[] taken() {
    return inStep.take().stream().map(ConsumerRecord::timestamp).toArray(Long[]::new);
  }

  @Test
  void a_partition_read_back_waits_for_the_others() {
    inStep.begin(ONE);
    inStep.begin(TWO);
    inStep.add(record(ONE, 1));
    inStep.add(record(ONE, 5));
    assertThat(taken()).isEmpty();

    inStep.add(record(TWO, 3));

    assertThat(taken()).containsExactly(1L, 3L);
    inStep.end(TWO);
    assertThat(taken()).containsExactly(5L);
  }

  @Test
  void live_records_pass_at_once() {
    inStep.add(record(ONE, 9));
    inStep.add(record(TWO, 4));

    assertThat(taken()).containsExactly(4L, 9L);
  }

  @Test
  void a_partition_far_ahead_is_to_be_paused_until_the_others_follow() {
    inStep.begin(ONE);
    inStep.begin(TWO);
    for (int i = 0; i < 2_000; i++) {
      inStep.add(record(ONE, i));
    }
    assertThat(inStep.isAhead(ONE)).isTrue();
    assertThat(inStep.isAhead(TWO)).isFalse();

    inStep.end(TWO);
    inStep.take();

    assertThat(inStep.isAhead(ONE)).isFalse();
  }
}
