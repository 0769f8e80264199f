/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.rules;

import io.vmallocfleet.schemas.Finding;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a finding is about, as a rule's {@code match} names it: {@code caller}, {@code module},
 * {@code purpose}, {@code kernel-release}, {@code kernel-build}, {@code host} and {@code
 * label.NAME}. What a finding does not have is empty.
 *
 * @param values by those keys
 */
public record RuleScope(Map<String, String> values) {
  static final String LABEL = "label.";

  public RuleScope {
    values = Map.copyOf(values);
  }

  public static RuleScope of(Finding finding) {
    var values = new TreeMap<String, String>();
    values.put("caller", finding.getFunction());
    values.put("module", finding.getModule());
    values.put("purpose", finding.getPurpose());
    values.put("kernel-release", finding.getCohort().getKernelRelease());
    values.put("kernel-build", finding.getCohort().getKernelBuild());
    values.put("host", finding.getHostname() == null ? "" : finding.getHostname());
    finding.getLabels().forEach((label, value) -> values.put(LABEL + label, value));
    return new RuleScope(values);
  }

  String value(String key) {
    return values.getOrDefault(key, "");
  }
}
