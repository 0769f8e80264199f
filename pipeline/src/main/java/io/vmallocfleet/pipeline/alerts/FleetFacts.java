/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.alerts;

import io.vmallocfleet.alerts.AlertPolicy;
import io.vmallocfleet.alerts.Fold;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.Severity;
import io.vmallocfleet.schemas.Verdict;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/**
 * Which fleet troubles there are that speak for others, and until when. Fleets are judged by
 * buckets of hours and hosts by windows of minutes: a trouble speaks for as many of its own windows
 * as its alert would wait before it is over. No state.
 */
public final class FleetFacts implements FlatMapFunction<Finding, Fact> {
  @Override
  public void flatMap(Finding finding, Collector<Fact> out) {
    if (Fold.speaks(finding.getKind())) {
      long end = finding.getWindowEnd().toEpochMilli();
      long window = end - finding.getWindowStart().toEpochMilli();
      long until = end + AlertPolicy.of(finding.getKind()).silentWindows() * window;
      boolean seen = finding.getVerdict() == Verdict.SEEN;
      boolean pages = finding.getSeverity() == Severity.PAGE;
      String fingerprint = finding.getFingerprint();
      out.collect(fact(Fold.spokenFor(finding), seen, fingerprint, until));
      // Said either way: a trouble that no longer pages no longer speaks for those that do.
      out.collect(fact(Fold.spokenForPages(finding), seen && pages, fingerprint, until));
    }
  }

  private static Fact fact(String subject, boolean holds, String fingerprint, long until) {
    return new Fact(Fact.Kind.FLEET, subject, holds, fingerprint, until, null);
  }
}
