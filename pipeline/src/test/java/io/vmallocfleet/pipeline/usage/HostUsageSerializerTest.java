/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import static io.vmallocfleet.pipeline.SnapshotBuilder.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.schemas.snapshot.AddressMode;
import io.vmallocfleet.schemas.snapshot.AreaFlags;
import io.vmallocfleet.schemas.snapshot.HostBudget;
import io.vmallocfleet.schemas.snapshot.Region;
import io.vmallocfleet.schemas.snapshot.SpoolOccupancy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class HostUsageSerializerTest {
  private final HostUsageSerializer serializer = new HostUsageSerializer();

  @Test
  void gives_back_every_field() throws IOException {
    HostUsage usage =
        snapshot("host-1")
            .sequence(7)
            .at(1_700_000_000_000L)
            .malformed(3)
            .budget(new HostBudget(1L << 40, 2, 3, -1, 5))
            .spool(new SpoolOccupancy(1L << 33, 6, 7))
            .area("kernel_clone", 4)
            .area("move_module", Region.MODULES, 8192, 12288, 2, AreaFlags.VMALLOC)
            .area("move_module", Region.MODULES, 65536, 12288, 2, AreaFlags.VMALLOC)
            .churn("kernel_clone", 9)
            .usage()
            .withClockAhead(12);

    HostUsage read = thereAndBack(usage).get(0);

    assertThat(read).usingRecursiveComparison().isEqualTo(usage);
    assertThat(read.windows().get(1).shape().holes().sizesLog2()).isNotEmpty();
  }

  @Test
  void gives_back_what_a_host_that_shows_no_addresses_cannot_say() throws IOException {
    HostUsage usage =
        snapshot("host-1").mode(AddressMode.ZEROED).blind("no right to read").area("a", 1).usage();

    HostUsage read = thereAndBack(usage).get(0);

    assertThat(read).usingRecursiveComparison().isEqualTo(usage);
    assertThat(read.windows().get(0).shape().runs()).isNull();
  }

  @Test
  void gives_a_caller_of_many_hosts_the_same_text() throws IOException {
    List<HostUsage> read =
        thereAndBack(
            snapshot("host-1").area("kernel_clone", 4).usage(),
            snapshot("host-2").area("kernel_clone", 8).usage());

    assertThat(read.get(0).callers().callers()[0]).isSameAs(read.get(1).callers().callers()[0]);
  }

  @Test
  void takes_texts_of_any_length_and_alphabet() throws IOException {
    String longest = "ü".repeat(70_000);
    HostUsage usage = snapshot("host-1").kernel(longest).area("größer", 4).area("b", 1).usage();

    assertThat(thereAndBack(usage, usage))
        .allSatisfy(read -> assertThat(read).usingRecursiveComparison().isEqualTo(usage));
  }

  @Test
  void tells_apart_texts_of_one_hash() throws IOException {
    HostUsage usage = snapshot("host-1").area("Aa", 1).area("BB", 2).usage();

    assertThat("Aa".hashCode()).isEqualTo("BB".hashCode());
    assertThat(thereAndBack(usage, usage))
        .allSatisfy(read -> assertThat(read.callers().callers()).containsExactly("Aa", "BB"));
  }

  /** Written by one task and read by another. */
  private List<HostUsage> thereAndBack(HostUsage... usages) throws IOException {
    var out = new DataOutputSerializer(64);
    for (HostUsage usage : usages) {
      serializer.serialize(usage, out);
    }
    var in = new DataInputDeserializer(out.getCopyOfBuffer());
    var reader = serializer.duplicate();
    var read = new ArrayList<HostUsage>();
    for (int i = 0; i < usages.length; i++) {
      read.add(reader.deserialize(in));
    }
    assertThat(in.available()).isZero();
    return read;
  }
}
