/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

import io.vmallocfleet.detection.fleet.FleetDetection.NewCaller;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Callers the fleet, or the hosts of a role, never showed. Nothing is new while the fleet, or the
 * role, has been known for less than the learning period; a new name of an old caller is not new. A
 * caller is spoken of for a day, then it is known.
 */
final class NewCallers {
  private static final String FLEET = "";

  /** In place of the bucket a caller was new in. */
  private static final long KNOWN = -1;

  /** A host or two that load something odd are their own affair, and so is a little. */
  private static final int MINIMUM_HOSTS = 3;

  private static final double MINIMUM_BYTES = 4 << 20;

  private final FleetSettings settings;

  NewCallers(FleetSettings settings) {
    this.settings = settings;
  }

  void judge(
      Fleet fleet, KernelChanges.Renames renames, FleetMemory memory, List<FleetDetection> found) {
    long bucket = fleet.bucket();
    Map<String, Long> roles = memory.common().roles();
    fleet.roles().keySet().forEach(role -> roles.putIfAbsent(role, bucket));
    long learning = (long) settings.learning() * settings.seasons();
    fleet
        .callers()
        .forEach(
            (caller, populations) -> {
              Map<String, Long> inRole = new TreeMap<>();
              long hosts = 0;
              double bytes = 0;
              Population most = populations.get(0);
              for (Population population : populations) {
                population
                    .hostsByRole()
                    .forEach((role, count) -> inRole.merge(role, count, Long::sum));
                hosts += population.hosts();
                bytes += population.bytes();
                most = population.hosts() > most.hosts() ? population : most;
              }
              if (hosts == 0) {
                return;
              }
              Map<String, Long> known = memory.of(caller).firstSeen();
              boolean renamed = renames.callers().contains(caller);
              boolean withKernel = renames.withKernel().contains(caller);
              boolean knownElsewhere = known.getOrDefault(FLEET, 0L) == KNOWN;
              Seen seen = new Seen(caller, FLEET, most, hosts, bytes, withKernel);
              take(seen, memory.common().firstBucket(), learning, renamed, bucket, known, found);
              for (Map.Entry<String, Long> role : inRole.entrySet()) {
                if (role.getKey().isEmpty()) {
                  continue;
                }
                var inThisRole =
                    new Seen(
                        caller,
                        role.getKey(),
                        most,
                        role.getValue(),
                        bytes * role.getValue() / hosts,
                        withKernel);
                take(
                    inThisRole,
                    roles.get(role.getKey()),
                    learning,
                    renamed || withKernel || !knownElsewhere,
                    bucket,
                    known,
                    found);
              }
            });
  }

  private record Seen(
      String caller, String role, Population most, long hosts, double bytes, boolean withKernel) {
    boolean isMany() {
      return hosts >= MINIMUM_HOSTS && bytes >= MINIMUM_BYTES;
    }
  }

  /** How a bucket is kept in which only a few hosts showed the caller, and how it is read. */
  private static long few(long bucket) {
    return -2 - bucket;
  }

  /** What stays with a few hosts for a week is known. */
  private long waiting() {
    return 7L * settings.seasons();
  }

  private void take(
      Seen seen,
      long since,
      long learning,
      boolean known,
      long bucket,
      Map<String, Long> first,
      List<FleetDetection> found) {
    long before = first.getOrDefault(seen.role(), few(bucket));
    if (known || bucket - since < learning || before < KNOWN && bucket - few(before) > waiting()) {
      before = before < KNOWN ? KNOWN : before;
    } else if (before < KNOWN && seen.isMany()) {
      before = bucket;
    }
    first.put(seen.role(), before);
    if (before <= KNOWN) {
      return;
    }
    long told = bucket - before;
    boolean over = told >= settings.seasons();
    if (over) {
      first.put(seen.role(), KNOWN);
    }
    found.add(
        new NewCaller(
            seen.caller(),
            seen.role(),
            seen.most().cohort(),
            before,
            seen.hosts(),
            seen.bytes(),
            seen.withKernel(),
            new ArrayList<>(seen.most().largest()),
            over ? "it has been there for a day and is known now" : ""));
  }
}
