/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.kafka;

import io.vmallocfleet.pipeline.alerts.Incoming;
import io.vmallocfleet.pipeline.alerts.Progress;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * Event time of alerts is that of the windows. Findings are rare, so it follows the windows that
 * analytics has closed; where these stop, it stops.
 */
public final class AlertTime {
  /** Dead letters may never come, and windows come once a minute: none of them holds time back. */
  private static final Duration IDLE = Duration.ofSeconds(5);

  private AlertTime() {}

  /** End of the window that shows it; no finding for a while holds nothing back. */
  public static WatermarkStrategy<Incoming> ofFindings() {
    return WatermarkStrategy.<Incoming>forMonotonousTimestamps()
        .withTimestampAssigner(
            (incoming, recordMillis) ->
                incoming.finding() == null
                    ? recordMillis
                    : incoming.finding().getWindowEnd().toEpochMilli())
        .withIdleness(IDLE);
  }

  public static WatermarkStrategy<Progress> ofProgress() {
    return WatermarkStrategy.<Progress>forMonotonousTimestamps()
        .withTimestampAssigner((progress, recordMillis) -> progress.windowEndMillis())
        .withIdleness(IDLE);
  }

  /**
   * Of what people say at any time: without event time, and always idle. A watermark at the end of
   * time would be taken for the job's own as soon as everything else is idle.
   */
  public static WatermarkStrategy<Incoming> outsideTime() {
    return WatermarkStrategy.<Incoming>noWatermarks().withIdleness(Duration.ofMillis(1));
  }
}
