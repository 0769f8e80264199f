/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.alerts;

import io.vmallocfleet.alerts.Fold;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.Verdict;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/** Which fleet troubles there are that speak for hosts. No state. */
public final class FleetFacts implements FlatMapFunction<Finding, Fact> {
  @Override
  public void flatMap(Finding finding, Collector<Fact> out) {
    if (Fold.speaks(finding.getKind())) {
      out.collect(
          new Fact(
              Fact.Kind.FLEET,
              Fold.spokenFor(finding),
              finding.getVerdict() == Verdict.SEEN,
              finding.getFingerprint(),
              finding.getWindowEnd().toEpochMilli(),
              null));
    }
  }
}
