/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.alerts;

import io.vmallocfleet.schemas.Finding;

/**
 * What an owner can be named for; each empty where the alert has none.
 *
 * @param purpose family of callers, such as {@code kernel-stacks}
 * @param kind of the finding, such as {@code HOST_SILENT}
 */
public record Subject(String caller, String module, String purpose, String kind) {
  public static Subject of(Finding finding) {
    return new Subject(
        finding.getFunction(), finding.getModule(), finding.getPurpose(), finding.getKind().name());
  }
}
