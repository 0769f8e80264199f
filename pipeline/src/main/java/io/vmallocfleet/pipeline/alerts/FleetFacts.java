/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.alerts;

import io.vmallocfleet.alerts.AlertPolicy;
import io.vmallocfleet.alerts.Fold;
import io.vmallocfleet.schemas.Finding;
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
      long until = end + AlertPolicy.of(finding.getKind()).quietWindows() * window;
      out.collect(
          new Fact(
              Fact.Kind.FLEET,
              Fold.spokenFor(finding),
              finding.getVerdict() == Verdict.SEEN,
              finding.getFingerprint(),
              until,
              null));
    }
  }
}
