/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import javax.annotation.Nullable;

/**
 * What is remembered of one host to compare it with itself: the lowest value of each caller in each
 * bucket of the last day, and of the last day before it rebooted. Values are counts of 4 KiB in an
 * int, saturated at 8 TiB: {@code 4 * (seasons + 2)} bytes a caller (32 by default), twice in the
 * first week after a reboot.
 *
 * <p>The arrays belong to the panel: methods write them and return it with its new scalars.
 *
 * @param bootBucket bucket in which the boot was first seen
 * @param bucket the bucket that is being filled
 * @param looks windows looked at in it, with the first and last look of the bucket they gave
 * @param seen bit set of the seasons of the last day in which the host was seen throughout
 * @param current lowest value of each caller in this bucket
 * @param present in how many looks of this bucket the caller was there
 * @param ring value of each caller and season, caller by caller
 * @param formerCallers callers of the boot before, with their ring; empty when there is nothing to
 *     compare with
 */
public record HostPanel(
    String bootId,
    String cohort,
    long bootBucket,
    long bucket,
    int looks,
    int firstLook,
    int lastLook,
    int seen,
    String[] callers,
    int[] current,
    int[] present,
    int[] ring,
    String formerCohort,
    int formerSeen,
    String[] formerCallers,
    int[] formerRing) {

  /** More than any kernel shows: a host that makes names up must not fill the state. */
  static final int MAX_CALLERS = 5_000;

  /** For how many days after a reboot the boot before is compared with. */
  static final int FORMER_DAYS = 7;

  private static final int UNIT_BYTES = 4096;
  private static final String[] NONE = {};
  private static final int[] EMPTY = {};

  /** What is known of a host that is seen for the first time. */
  public static HostPanel of(String bootId, String cohort, long bucket) {
    return new HostPanel(
        bootId, cohort, bucket, bucket, 0, -1, -1, 0, NONE, EMPTY, EMPTY, EMPTY, "", 0, NONE,
        EMPTY);
  }

  /**
   * Takes one look.
   *
   * @param inBucket not before the bucket being filled
   * @param look which one of the bucket, as {@link FleetSettings#look} gives it
   * @param names each once
   * @param bytes memory each holds, from 0
   */
  public HostPanel look(
      long inBucket,
      int look,
      String boot,
      String build,
      String[] names,
      long[] bytes,
      FleetSettings settings) {
    HostPanel panel =
        boot.equals(bootId) && build.equals(cohort) ? this : rebooted(boot, build, inBucket);
    return panel.at(inBucket, settings).taking(look, names, bytes, settings.seasons());
  }

  /**
   * The end of a bucket.
   *
   * @param next null when the bucket was closed already
   * @param sample null unless the host was seen throughout the bucket in one boot
   */
  public record Closed(@Nullable HostPanel next, @Nullable HostBucket sample) {}

  /** Ends a bucket. Calling it for one that was ended is harmless. */
  public Closed close(long closing, FleetSettings settings) {
    if (closing != bucket) {
      return new Closed(null, null);
    }
    boolean whole =
        looks > 1
            && 4 * firstLook <= settings.looks()
            && 4 * (lastLook + 1) >= 3 * settings.looks();
    if (!whole) {
      return new Closed(at(bucket + 1, settings), null);
    }
    HostBucket sample = sample(settings);
    int season = settings.seasonOf(bucket);
    for (int i = 0; i < callers.length; i++) {
      ring[i * settings.seasons() + season] = level(i);
    }
    boolean forget = bucket - bootBucket >= (long) FORMER_DAYS * settings.seasons();
    HostPanel next =
        new HostPanel(
            bootId,
            cohort,
            bootBucket,
            bucket + 1,
            0,
            -1,
            -1,
            seen | 1 << season,
            callers,
            current,
            present,
            ring,
            forget ? "" : formerCohort,
            forget ? 0 : formerSeen,
            forget ? NONE : formerCallers,
            forget ? EMPTY : formerRing);
    return new Closed(next.withoutTheGone(settings.seasons()), sample);
  }

  private int level(int caller) {
    return present[caller] == looks ? current[caller] : 0;
  }

  private HostBucket sample(FleetSettings settings) {
    int seasons = settings.seasons();
    int season = settings.seasonOf(bucket);
    boolean grown = (seen & 1 << season) != 0;
    boolean compared = (formerSeen & 1 << season) != 0;
    Map<String, Integer> own = index(callers);
    String[] gone =
        compared
            ? Arrays.stream(formerCallers).filter(c -> !own.containsKey(c)).toArray(String[]::new)
            : NONE;
    int all = callers.length + gone.length;
    String[] names = Arrays.copyOf(callers, all);
    System.arraycopy(gone, 0, names, callers.length, gone.length);
    int[] level = new int[all];
    int[] growth = grown ? new int[all] : null;
    int[] former = compared ? new int[all] : null;
    Map<String, Integer> before = compared ? index(formerCallers) : Map.of();
    for (int i = 0; i < all; i++) {
      if (i < callers.length) {
        level[i] = level(i);
        if (growth != null) {
          growth[i] = level[i] - ring[i * seasons + season];
        }
      }
      Integer slot = former == null ? null : before.get(names[i]);
      if (slot != null) {
        former[i] = formerRing[slot * seasons + season];
      }
    }
    int age = (int) ((bucket - bootBucket) / seasons);
    return new HostBucket(
        bucket, cohort, compared ? formerCohort : "", age, names, level, growth, former);
  }

  /** Callers that held nothing for a whole day take no state. */
  private HostPanel withoutTheGone(int seasons) {
    boolean[] kept = new boolean[callers.length];
    int count = 0;
    for (int i = 0; i < callers.length; i++) {
      boolean held = false;
      for (int s = 0; s < seasons && !held; s++) {
        held = ring[i * seasons + s] != 0;
      }
      kept[i] = held;
      count += held ? 1 : 0;
    }
    if (count == callers.length) {
      Arrays.fill(present, 0);
      return this;
    }
    String[] names = new String[count];
    int[] values = new int[count * seasons];
    int to = 0;
    for (int i = 0; i < callers.length; i++) {
      if (kept[i]) {
        names[to] = callers[i];
        System.arraycopy(ring, i * seasons, values, to * seasons, seasons);
        to++;
      }
    }
    return with(names, new int[count], new int[count], values);
  }

  private HostPanel taking(int look, String[] names, long[] bytes, int seasons) {
    int[] slots = slots(names);
    int fresh = 0;
    for (int i = 0; i < names.length; i++) {
      fresh += slots[i] < 0 && bytes[i] >= UNIT_BYTES ? 1 : 0;
    }
    fresh = Math.min(fresh, MAX_CALLERS - callers.length);
    HostPanel panel = fresh > 0 ? grown(fresh, seasons) : this;
    int next = callers.length;
    for (int i = 0; i < names.length; i++) {
      int slot = slots[i];
      if (slot < 0) {
        if (bytes[i] < UNIT_BYTES || next == panel.callers.length) {
          continue;
        }
        slot = next++;
        panel.callers[slot] = names[i];
      }
      int units = (int) Math.min(bytes[i] / UNIT_BYTES, Integer.MAX_VALUE);
      panel.current[slot] = panel.present[slot] == 0 ? units : Math.min(panel.current[slot], units);
      panel.present[slot]++;
    }
    return new HostPanel(
        bootId,
        cohort,
        bootBucket,
        bucket,
        looks + 1,
        firstLook < 0 ? look : firstLook,
        look,
        seen,
        panel.callers,
        panel.current,
        panel.present,
        panel.ring,
        formerCohort,
        formerSeen,
        formerCallers,
        formerRing);
  }

  /**
   * Where each name is in this panel, -1 if nowhere. Snapshots mostly list callers in the order of
   * the one before, so the place after the last hit is tried first.
   */
  private int[] slots(String[] names) {
    int[] slots = new int[names.length];
    Map<String, Integer> all = null;
    int guess = 0;
    for (int i = 0; i < names.length; i++) {
      if (guess < callers.length && callers[guess].equals(names[i])) {
        slots[i] = guess++;
        continue;
      }
      if (all == null) {
        all = index(callers);
      }
      slots[i] = all.getOrDefault(names[i], -1);
      guess = slots[i] < 0 ? guess : slots[i] + 1;
    }
    return slots;
  }

  private static Map<String, Integer> index(String[] names) {
    Map<String, Integer> index = new HashMap<>(2 * names.length);
    for (int i = 0; i < names.length; i++) {
      index.put(names[i], i);
    }
    return index;
  }

  private HostPanel grown(int more, int seasons) {
    int size = callers.length + more;
    return with(
        Arrays.copyOf(callers, size),
        Arrays.copyOf(current, size),
        Arrays.copyOf(present, size),
        Arrays.copyOf(ring, size * seasons));
  }

  private HostPanel with(String[] names, int[] lowest, int[] inLooks, int[] values) {
    return new HostPanel(
        bootId,
        cohort,
        bootBucket,
        bucket,
        looks,
        firstLook,
        lastLook,
        seen,
        names,
        lowest,
        inLooks,
        values,
        formerCohort,
        formerSeen,
        formerCallers,
        formerRing);
  }

  /** A later bucket; those passed over were not seen. */
  private HostPanel at(long later, FleetSettings settings) {
    if (later <= bucket) {
      return this;
    }
    int known = seen;
    for (long b = bucket; b < later && b < bucket + settings.seasons(); b++) {
      known &= ~(1 << settings.seasonOf(b));
    }
    Arrays.fill(present, 0);
    return new HostPanel(
        bootId,
        cohort,
        bootBucket,
        later,
        0,
        -1,
        -1,
        known,
        callers,
        current,
        present,
        ring,
        formerCohort,
        formerSeen,
        formerCallers,
        formerRing);
  }

  /** A reboot frees everything. A boot too short to be compared with leaves the one before it. */
  private HostPanel rebooted(String boot, String build, long inBucket) {
    boolean comparable = seen != 0;
    return new HostPanel(
        boot,
        build,
        inBucket,
        inBucket,
        0,
        -1,
        -1,
        0,
        NONE,
        EMPTY,
        EMPTY,
        EMPTY,
        comparable ? cohort : formerCohort,
        comparable ? seen : formerSeen,
        comparable ? callers : formerCallers,
        comparable ? ring : formerRing);
  }
}
