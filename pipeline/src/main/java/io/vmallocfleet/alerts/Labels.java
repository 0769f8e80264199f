/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.alerts;

import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.Severity;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Labels of an alert: what it is routed, grouped, muted and inhibited by. Only what stays the same
 * as long as it lasts, severity and owner excepted: to Alertmanager another label is another alert.
 */
public final class Labels {
  private Labels() {}

  /**
   * Ours, and those of the host or the affected hosts where ours leave room. A label without a
   * value is left out.
   */
  public static Map<String, String> of(Finding finding, Severity severity, Owner owner) {
    var labels = new TreeMap<String, String>();
    finding.getLabels().forEach((name, value) -> put(labels, labelName(name), value));
    put(labels, "alertname", alertName(finding));
    put(labels, "kind", finding.getKind().name());
    put(labels, "severity", severity.name().toLowerCase(Locale.ROOT));
    put(labels, "team", owner.team());
    put(labels, "scope", finding.getHostId() == null ? "fleet" : "host");
    put(labels, "fingerprint", finding.getFingerprint());
    put(labels, "host", finding.getHostname());
    put(labels, "host_id", finding.getHostId());
    put(labels, "caller", finding.getFunction());
    put(labels, "module", finding.getModule());
    put(labels, "purpose", finding.getPurpose());
    put(labels, "address_space", finding.getRegion());
    put(labels, "kernel_release", finding.getCohort().getKernelRelease());
    put(labels, "kernel_build", finding.getCohort().getKernelBuild());
    put(labels, "architecture", finding.getCohort().getArchitecture());
    return Map.copyOf(labels);
  }

  /** {@code FLEET_LEAK} as {@code VmallocFleetLeak}. */
  static String alertName(Finding finding) {
    var name = new StringBuilder("Vmalloc");
    for (String word : finding.getKind().name().split("_")) {
      name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return name.toString();
  }

  /** With what Prometheus does not allow in a name replaced. */
  private static String labelName(String name) {
    String allowed = name.replaceAll("[^A-Za-z0-9_]", "_");
    return allowed.isEmpty() || Character.isDigit(allowed.charAt(0)) ? "_" + allowed : allowed;
  }

  private static void put(Map<String, String> labels, String name, String value) {
    if (value != null && !value.isEmpty()) {
      labels.put(name, value);
    } else {
      labels.remove(name);
    }
  }
}
