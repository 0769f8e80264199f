/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.callers;

import io.vmallocfleet.pipeline.usage.CallerName;
import io.vmallocfleet.pipeline.usage.Cohort;
import io.vmallocfleet.schemas.CallerWindow;
import io.vmallocfleet.schemas.HostUse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Sum of one caller over hosts, of the hosts themselves or of the sums of other tasks. */
final class CallerSum {
  static final int TOP_HOSTS = 5;

  private final BytesSketch sketch = new BytesSketch();
  private final List<HostShare> topHosts = new ArrayList<>(TOP_HOSTS + 1);
  private long hosts;
  private long areas;
  private long bytes;
  private long mappedBytes;

  void add(String hostId, String hostname, long hostBytes, long hostAreas, long hostMappedBytes) {
    hosts++;
    areas += hostAreas;
    bytes += hostBytes;
    mappedBytes += hostMappedBytes;
    sketch.add(hostBytes);
    // Nearly all hosts of a fleet are not among the first.
    if (topHosts.size() < TOP_HOSTS
        || isBefore(hostBytes, hostAreas, hostId, topHosts.get(TOP_HOSTS - 1))) {
      rank(new HostShare(hostId, hostname, hostBytes, hostAreas));
    }
  }

  void add(CallerPartial partial) {
    hosts += partial.hosts();
    areas += partial.areas();
    bytes += partial.bytes();
    mappedBytes += partial.mappedBytes();
    sketch.add(partial.sketch());
    partial.topHosts().forEach(this::rank);
  }

  CallerPartial toPartial(String caller, Cohort cohort, long windowStart, long windowEnd) {
    return new CallerPartial(
        caller,
        cohort,
        windowStart,
        windowEnd,
        hosts,
        areas,
        bytes,
        mappedBytes,
        sketch.encode(),
        List.copyOf(topHosts));
  }

  CallerWindow toWindow(String caller, Cohort cohort, long windowStart, long windowEnd) {
    CallerName name = CallerName.parse(caller);
    return new CallerWindow(
        name.function(),
        name.module(),
        cohort.toAvro(),
        Instant.ofEpochMilli(windowStart),
        Instant.ofEpochMilli(windowEnd),
        hosts,
        areas,
        bytes,
        mappedBytes,
        sketch.distribution(),
        topHosts.stream()
            .map(h -> new HostUse(h.hostId(), h.hostname(), h.bytes(), h.areas()))
            .toList());
  }

  private void rank(HostShare host) {
    int at = topHosts.size();
    while (at > 0 && isBefore(host.bytes(), host.areas(), host.hostId(), topHosts.get(at - 1))) {
      at--;
    }
    if (at < TOP_HOSTS) {
      topHosts.add(at, host);
      if (topHosts.size() > TOP_HOSTS) {
        topHosts.remove(TOP_HOSTS);
      }
    }
  }

  /** Largest first, by memory, then by areas. */
  private static boolean isBefore(long bytes, long areas, String hostId, HostShare other) {
    if (bytes != other.bytes()) {
      return bytes > other.bytes();
    }
    return areas != other.areas() ? areas > other.areas() : hostId.compareTo(other.hostId()) < 0;
  }
}
