/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import io.vmallocfleet.pipeline.usage.Cohort;
import io.vmallocfleet.pipeline.usage.HostUsage;
import java.util.Map;

/** Who a host is: what must be remembered to speak of it when it has fallen silent. */
public record HostCard(
    String hostId, String hostname, String bootId, Cohort cohort, Map<String, String> labels) {
  static HostCard of(HostUsage usage) {
    return new HostCard(
        usage.hostId(),
        usage.host().hostname(),
        usage.host().bootId(),
        usage.cohort(),
        usage.host().labels());
  }
}
