/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.alerts;

import io.vmallocfleet.schemas.Cohort;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.Severity;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Which fleet alert speaks for which others, so that one trouble is told once: that of the same
 * cohort, or of every cohort, for the same caller; or for its purpose where the fleet alert is
 * about no single caller. A caller that leaks in the fleet is no longer news as a new one either.
 * What would wake somebody is folded only into what wakes somebody.
 */
public final class Fold {
  private static final Set<FindingKind> SPEAKING =
      EnumSet.of(FindingKind.FLEET_LEAK, FindingKind.ROLLOUT_REGRESSION);
  private static final Set<FindingKind> SPOKEN_FOR =
      EnumSet.of(
          FindingKind.LEAK, FindingKind.JUMP, FindingKind.OUTLIER_HOST, FindingKind.NEW_CALLER);

  private static final String PAGES = "pages\n";

  private Fold() {}

  /** Whether alerts of that kind can speak for others. */
  public static boolean speaks(FindingKind kind) {
    return SPEAKING.contains(kind);
  }

  /** What a fleet finding speaks for, of all that does not page. */
  public static String spokenFor(Finding fleet) {
    if (fleet.getFunction().isEmpty()) {
      return purpose(fleet);
    }
    return fleet.getEveryCohort() ? everywhere(fleet) : caller(fleet);
  }

  /** The same of what pages: only a fleet finding that pages as well may speak for it. */
  public static String spokenForPages(Finding fleet) {
    return PAGES + spokenFor(fleet);
  }

  /**
   * Everything that may speak for a finding, as {@link #spokenFor} and {@link #spokenForPages} tell
   * it; the nearest first.
   */
  public static List<String> speakers(Finding finding) {
    var speakers = new ArrayList<String>(3);
    if (SPOKEN_FOR.contains(finding.getKind()) && !finding.getFunction().isEmpty()) {
      String paging = finding.getSeverity() == Severity.PAGE ? PAGES : "";
      speakers.add(paging + caller(finding));
      speakers.add(paging + everywhere(finding));
      if (!finding.getPurpose().isEmpty()) {
        speakers.add(paging + purpose(finding));
      }
    }
    return speakers;
  }

  private static String caller(Finding finding) {
    return String.join(
        "\n", "caller", finding.getFunction(), finding.getModule(), cohort(finding.getCohort()));
  }

  /** A fleet is judged architecture by architecture, each by a task of its own. */
  private static String everywhere(Finding finding) {
    return String.join(
        "\n",
        "everywhere",
        finding.getFunction(),
        finding.getModule(),
        finding.getCohort().getArchitecture());
  }

  private static String purpose(Finding finding) {
    return String.join("\n", "purpose", finding.getPurpose(), cohort(finding.getCohort()));
  }

  private static String cohort(Cohort cohort) {
    return String.join(
        "\n", cohort.getKernelRelease(), cohort.getKernelBuild(), cohort.getArchitecture());
  }
}
