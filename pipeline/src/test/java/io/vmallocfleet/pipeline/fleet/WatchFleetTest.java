/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.detection.fleet.FleetSettings;
import io.vmallocfleet.detection.fleet.HostBucket;
import io.vmallocfleet.detection.fleet.Population;
import io.vmallocfleet.detection.fleet.PopulationSum;
import io.vmallocfleet.pipeline.usage.Cohort;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.Severity;
import io.vmallocfleet.schemas.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class WatchFleetTest {
  private static final FleetSettings SETTINGS = FleetSettings.DEFAULTS;
  private static final String OLD = new Cohort("6.1.0", "#1 SMP", "x86_64").text();
  private static final String NEW = new Cohort("6.6.0", "#2 SMP", "x86_64").text();
  private static final int HOSTS = 30;
  private static final int MIB = 256;

  @Test
  void an_outlier_is_named_with_its_numbers_goes_on_after_a_restart_and_ends() throws Exception {
    KeyedOneInputStreamOperatorTestHarness<String, Population, Finding> harness = open();
    harness.open();
    end(harness, 0, levels(0, 10 * MIB));
    end(harness, 1, levels(1, 500 * MIB));
    OperatorSubtaskState state = harness.snapshot(1, 1);
    assertThat(harness.extractOutputValues()).isEmpty();
    harness.close();
    harness = open();
    harness.initializeState(state);
    harness.open();
    end(harness, 2, levels(2, 500 * MIB));
    end(harness, 3, levels(3, 10 * MIB));
    end(harness, 4, levels(4, 10 * MIB));
    List<Finding> found = harness.extractOutputValues();
    harness.close();

    assertThat(found).extracting(Finding::getKind).containsOnly(FindingKind.OUTLIER_HOST);
    assertThat(found).extracting(Finding::getVerdict).containsExactly(Verdict.SEEN, Verdict.GONE);
    assertThat(found.get(0).getFingerprint()).isEqualTo(found.get(1).getFingerprint());
    assertThat(found.get(0).getSentence())
        .startsWith("htab_map_alloc holds 500.0 MiB on host-0; half of the 30 hosts");
    assertThat(found.get(0).getPurpose()).isEqualTo("bpf-maps");
    assertThat(found.get(0).getHostsInCohort()).isEqualTo(HOSTS);
    assertThat(found.get(0).getSince().toEpochMilli()).isEqualTo(SETTINGS.bucketMillis());
  }

  @Test
  void a_rename_at_rollout_is_told_and_never_louder_than_information() throws Exception {
    KeyedOneInputStreamOperatorTestHarness<String, Population, Finding> harness = open();
    harness.open();
    for (int bucket = 10; bucket < 20; bucket++) {
      end(harness, bucket, renamed(bucket));
    }
    List<Finding> found = harness.extractOutputValues();
    harness.close();

    assertThat(found).extracting(Finding::getKind).containsOnly(FindingKind.CALLER_RENAMED);
    assertThat(found).extracting(Finding::getSeverity).containsOnly(Severity.INFO);
    assertThat(found.get(0).getBaselineCohort().getKernelRelease()).isEqualTo("6.1.0");
    assertThat(found.get(0).getSentence())
        .isEqualTo(
            "copy_process is the new name of kernel_clone with kernel 6.6.0: 8.0 MiB a host"
                + " now, 8.0 MiB before, on 30 hosts.");
    assertThat(found.get(found.size() - 1).getVerdict()).isEqualTo(Verdict.GONE);
  }

  /** Host 0 holds {@code first} units of 4 KiB, the others 10 MiB. */
  private static List<Population> levels(int bucket, int first) {
    var sum = new PopulationSum();
    var hosts = new PopulationSum();
    for (int host = 0; host < HOSTS; host++) {
      var sample =
          new HostBucket(
              bucket,
              OLD,
              "",
              0,
              new String[] {"htab_map_alloc"},
              new int[] {host == 0 ? first : 10 * MIB},
              null,
              null,
              new int[] {0});
      sum.add(sample, 0, "host-" + host, "host-" + host, "");
      hosts.addHost("");
    }
    return List.of(
        hosts.toPopulation("", OLD, bucket), sum.toPopulation("htab_map_alloc", OLD, bucket));
  }

  private static List<Population> renamed(int bucket) {
    String[] names = {"copy_process", "kernel_clone"};
    var sums = List.of(new PopulationSum(), new PopulationSum());
    var hosts = new PopulationSum();
    for (int host = 0; host < HOSTS; host++) {
      var sample =
          new HostBucket(
              bucket,
              NEW,
              OLD,
              0,
              names,
              new int[] {8 * MIB, 0},
              null,
              new int[] {0, 8 * MIB},
              new int[] {0, 0});
      sums.get(0).add(sample, 0, "host-" + host, "host-" + host, "");
      sums.get(1).add(sample, 1, "host-" + host, "host-" + host, "");
      hosts.addHost("");
    }
    List<Population> all = new ArrayList<>();
    all.add(hosts.toPopulation("", NEW, bucket));
    all.add(sums.get(0).toPopulation(names[0], NEW, bucket));
    all.add(sums.get(1).toPopulation(names[1], NEW, bucket));
    return all;
  }

  private static void end(
      KeyedOneInputStreamOperatorTestHarness<String, Population, Finding> harness,
      int bucket,
      List<Population> populations)
      throws Exception {
    for (Population population : populations) {
      harness.processElement(population, SETTINGS.endOf(bucket) - 1);
    }
    harness.processWatermark(SETTINGS.endOf(bucket) - 1);
  }

  private static KeyedOneInputStreamOperatorTestHarness<String, Population, Finding> open()
      throws Exception {
    return new KeyedOneInputStreamOperatorTestHarness<>(
        new KeyedProcessOperator<>(new WatchFleet(SETTINGS)),
        population -> Cohort.parse(population.cohort()).architecture(),
        Types.STRING);
  }
}
