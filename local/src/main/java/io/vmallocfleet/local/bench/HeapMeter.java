/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/**
 * What this JVM allocates and keeps. Allocation is what the heap grew by between one collection and
 * the next: threads that end take their own counters with them.
 */
final class HeapMeter {
  private final List<MemoryPoolMXBean> pools =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .toList();
  private final Set<String> names =
      pools.stream().map(MemoryPoolMXBean::getName).collect(Collectors.toSet());
  private long allocated;
  private long usedAfterLast;
  private long liveAfterLast;

  HeapMeter() {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      ((NotificationEmitter) collector)
          .addNotificationListener(
              (notification, handback) ->
                  collected(
                      GarbageCollectionNotificationInfo.from(
                          (CompositeData) notification.getUserData())),
              n ->
                  n.getType()
                      .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION),
              null);
    }
  }

  /** Begins a run. */
  synchronized void reset() {
    pools.forEach(MemoryPoolMXBean::resetPeakUsage);
    allocated = 0;
    usedAfterLast = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    liveAfterLast = 0;
  }

  /** Bytes allocated since {@link #reset}. */
  synchronized long allocated() {
    long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    return allocated + Math.max(0, used - usedAfterLast);
  }

  /** The most the heap held since then, garbage included. */
  long peak() {
    return pools.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
  }

  /** The most that was left after a collection since then, so mostly what is needed. */
  synchronized long live() {
    return liveAfterLast;
  }

  private synchronized void collected(GarbageCollectionNotificationInfo info) {
    long before = sum(info.getGcInfo().getMemoryUsageBeforeGc());
    long after = sum(info.getGcInfo().getMemoryUsageAfterGc());
    allocated += Math.max(0, before - usedAfterLast);
    usedAfterLast = after;
    liveAfterLast = Math.max(liveAfterLast, after);
  }

  private long sum(Map<String, MemoryUsage> usages) {
    return usages.entrySet().stream()
        .filter(entry -> names.contains(entry.getKey()))
        .mapToLong(entry -> entry.getValue().getUsed())
        .sum();
  }
}
