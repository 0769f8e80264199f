/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.callers;

import io.vmallocfleet.pipeline.usage.Cohort;
import java.util.List;

/**
 * One caller over some hosts of a cohort in one window: what a task sends on. Mergeable, see {@link
 * CallerSum}.
 *
 * @param caller as {@code CallerName} writes it
 * @param sketch of bytes per host, as {@link BytesSketch#encode} gives it
 * @param topHosts at most {@link CallerSum#TOP_HOSTS}, largest first
 */
public record CallerPartial(
    String caller,
    Cohort cohort,
    long windowStartMillis,
    long windowEndMillis,
    long hosts,
    long areas,
    long bytes,
    long mappedBytes,
    byte[] sketch,
    List<HostShare> topHosts) {

  /** Caller and cohort as one text. */
  public String key() {
    return String.join(
        "\n", caller, cohort.kernelRelease(), cohort.kernelBuild(), cohort.architecture());
  }
}
