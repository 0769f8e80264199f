/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.schemas.Cohort;
import io.vmallocfleet.schemas.Evidence;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.Severity;
import io.vmallocfleet.schemas.SingleObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelsTest {
  @Test
  void say_what_it_is_and_whose() {
    assertThat(Labels.of(leak("web-1").build(), Severity.PAGE, new Owner("bpf", "")))
        .isEqualTo(
            Map.ofEntries(
                Map.entry("alertname", "VmallocLeak"),
                Map.entry("kind", "LEAK"),
                Map.entry("severity", "page"),
                Map.entry("team", "bpf"),
                Map.entry("scope", "host"),
                Map.entry("fingerprint", "f"),
                Map.entry("host", "web-1"),
                Map.entry("host_id", "id of web-1"),
                Map.entry("caller", "bpf_jit"),
                Map.entry("purpose", "bpf"),
                Map.entry("kernel_release", "6.18"),
                Map.entry("kernel_build", "#1"),
                Map.entry("architecture", "x86_64"),
                Map.entry("region", "eu"),
                Map.entry("rack_row", "7")));
  }

  @Test
  void a_label_of_a_host_does_not_pass_for_ours() {
    Finding finding =
        leak("web-1").setLabels(Map.of("severity", "none", "module", "fake", "1st", "x")).build();

    assertThat(Labels.of(finding, Severity.TICKET, new Owner("bpf", "")))
        .containsEntry("severity", "ticket")
        .containsEntry("_1st", "x")
        .doesNotContainKey("module");
  }

  @Test
  void host_alerts_find_the_fleet_alert_of_their_caller_and_cohort() {
    Finding fleet =
        leak("x").setKind(FindingKind.FLEET_LEAK).setHostId(null).setHostname(null).build();
    Finding family = leak("x").setKind(FindingKind.FLEET_LEAK).setFunction("").build();
    Finding otherBuild = leak("x").setCohort(new Cohort("6.18", "#2", "x86_64")).build();

    assertThat(Fold.speakers(leak("web-1").build()))
        .contains(Fold.spokenFor(fleet), Fold.spokenFor(family));
    assertThat(Fold.speakers(otherBuild)).doesNotContain(Fold.spokenFor(fleet));
    assertThat(Fold.speakers(leak("web-1").setKind(FindingKind.HOST_SILENT).build())).isEmpty();
  }

  @Test
  void a_fleet_alert_about_every_cohort_speaks_for_hosts_of_all_of_them() {
    Finding everywhere =
        leak("x").setKind(FindingKind.FLEET_LEAK).setHostId(null).setEveryCohort(true).build();
    Finding otherBuild = leak("web-2").setCohort(new Cohort("6.12", "#2", "x86_64")).build();
    Finding otherCaller = leak("web-3").setFunction("vmap").build();

    assertThat(Fold.speakers(otherBuild)).contains(Fold.spokenFor(everywhere));
    assertThat(Fold.speakers(otherCaller)).doesNotContain(Fold.spokenFor(everywhere));
  }

  @Test
  void a_caller_that_leaks_in_the_fleet_is_not_told_as_a_new_one_as_well() {
    Finding fleet = leak("x").setKind(FindingKind.FLEET_LEAK).setHostId(null).build();
    Finding fresh = leak("x").setKind(FindingKind.NEW_CALLER).setHostId(null).build();

    assertThat(Fold.speakers(fresh)).contains(Fold.spokenFor(fleet));
  }

  private static Finding.Builder leak(String host) {
    SingleObject.trustOwnClasses();
    return Finding.newBuilder()
        .setFingerprint("f")
        .setKind(FindingKind.LEAK)
        .setHostId("id of " + host)
        .setHostname(host)
        .setFunction("bpf_jit")
        .setModule("")
        .setPurpose("bpf")
        .setCohort(new Cohort("6.18", "#1", "x86_64"))
        .setLabels(Map.of("region", "eu", "rack-row", "7"))
        .setWindowStart(Instant.ofEpochSecond(0))
        .setWindowEnd(Instant.ofEpochSecond(60))
        .setSince(Instant.ofEpochSecond(0))
        .setSentence("leaks")
        .setEvidence(new Evidence(2L, 1L, null, 5.0, List.of(1L, 2L), 60_000L));
  }
}
