/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import javax.annotation.Nullable;

/**
 * What is remembered of one host to compare it with itself: the lowest value of each caller in each
 * bucket of the last two days, and of the last day before it rebooted. Values are counts of 4 KiB
 * in an int, saturated at 8 TiB: {@code 4 * (2 * seasons + 3)} bytes a caller (60 by default), and
 * 24 more in the first week after a reboot.
 *
 * <p>The arrays belong to the panel: methods write them and return it with its new scalars.
 *
 * @param bootBucket bucket in which the boot was first seen
 * @param bucket the bucket that is being filled
 * @param looks windows looked at in it, with the first and last look of the bucket they gave
 * @param seen bit set of the buckets of the last two days in which the host was seen throughout
 * @param current lowest value of each caller in this bucket
 * @param present in how many looks of this bucket the caller was there
 * @param ring value of each caller in each bucket of two days, caller by caller
 * @param steady for how many buckets in a row each caller has grown steadily; below 0 shrunk
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
    int[] steady,
    String formerCohort,
    int formerSeen,
    String[] formerCallers,
    int[] formerRing) {

  /** More than any kernel shows: a host that makes names up must not fill the state. */
  static final int MAX_CALLERS = 5_000;

  /** For how many days after a reboot the boot before is compared with. */
  static final int FORMER_DAYS = 7;

  /** Least day's growth of a steady caller relative to the most, over the seasons of a day. */
  private static final double EVEN = 0.5;

  /** How much of its growth in the first half of a day a steady caller repeats in the second. */
  private static final double SHAPE = 0.85;

  private static final int UNIT_BYTES = 4096;
  private static final String[] NONE = {};
  private static final int[] EMPTY = {};

  /** What is known of a host that is seen for the first time. */
  public static HostPanel of(String bootId, String cohort, long bucket) {
    return new HostPanel(
        bootId, cohort, bucket, bucket, 0, -1, -1, 0, NONE, EMPTY, EMPTY, EMPTY, EMPTY, "", 0, NONE,
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
        boot.equals(bootId) && build.equals(cohort)
            ? this
            : rebooted(boot, build, inBucket, settings.seasons());
    return panel.at(inBucket, settings).taking(look, names, bytes, 2 * settings.seasons());
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
    HostBucket before = sample(settings);
    int slots = 2 * settings.seasons();
    int slot = slot(bucket, slots);
    int known = seen | 1 << slot;
    for (int i = 0; i < callers.length; i++) {
      ring[i * slots + slot] = level(i);
      int direction = known == (1 << slots) - 1 ? direction(i, slots) : 0;
      boolean on = direction != 0 && Integer.signum(steady[i]) == direction;
      steady[i] = on ? steady[i] + direction : direction;
    }
    HostBucket sample = before.withSteady(Arrays.copyOf(steady, before.callers().length));
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
            known,
            callers,
            current,
            present,
            ring,
            steady,
            forget ? "" : formerCohort,
            forget ? 0 : formerSeen,
            forget ? NONE : formerCallers,
            forget ? EMPTY : formerRing);
    return new Closed(next.withoutTheGone(slots), sample);
  }

  private int level(int caller) {
    return present[caller] == looks ? current[caller] : 0;
  }

  private HostBucket sample(FleetSettings settings) {
    int seasons = settings.seasons();
    int season = settings.seasonOf(bucket);
    int yesterday = slot(bucket - seasons, 2 * seasons);
    boolean grown = (seen & 1 << yesterday) != 0;
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
          growth[i] = level[i] - ring[i * 2 * seasons + yesterday];
        }
      }
      Integer slot = former == null ? null : before.get(names[i]);
      if (slot != null) {
        former[i] = formerRing[slot * seasons + season];
      }
    }
    int age = (int) ((bucket - bootBucket) / seasons);
    return new HostBucket(
        bucket, cohort, compared ? formerCohort : "", age, names, level, growth, former, null);
  }

  /**
   * Whether a caller grew from each season of yesterday to the same of today, and evenly: 1, or -1
   * for shrinking as evenly, or 0. A step is uneven but for the one moment when it lies between the
   * days, a cache that fills grows less and less.
   */
  private int direction(int caller, int slots) {
    int seasons = slots / 2;
    long least = Long.MAX_VALUE;
    long most = Long.MIN_VALUE;
    long early = 0;
    long late = 0;
    for (int back = 0; back < seasons; back++) {
      long now = ring[caller * slots + slot(bucket - back, slots)];
      long moved = now - ring[caller * slots + slot(bucket - back - seasons, slots)];
      least = Math.min(least, moved);
      most = Math.max(most, moved);
      if (2 * back < seasons) {
        late += moved;
      } else {
        early += moved;
      }
    }
    if (least > 0) {
      return least >= EVEN * most && late >= SHAPE * early ? 1 : 0;
    }
    return most < 0 && most <= EVEN * least && late <= SHAPE * early ? -1 : 0;
  }

  private static int slot(long bucket, int slots) {
    return (int) Math.floorMod(bucket, (long) slots);
  }

  /** Callers that held nothing for two days take no state. */
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
    int[] steadily = new int[count];
    int to = 0;
    for (int i = 0; i < callers.length; i++) {
      if (kept[i]) {
        names[to] = callers[i];
        steadily[to] = steady[i];
        System.arraycopy(ring, i * seasons, values, to * seasons, seasons);
        to++;
      }
    }
    return with(names, new int[count], new int[count], values, steadily);
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
        panel.steady,
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
        Arrays.copyOf(ring, size * seasons),
        Arrays.copyOf(steady, size));
  }

  private HostPanel with(
      String[] names, int[] lowest, int[] inLooks, int[] values, int[] steadily) {
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
        steadily,
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
    int slots = 2 * settings.seasons();
    for (long b = bucket; b < later && b < bucket + slots; b++) {
      known &= ~(1 << slot(b, slots));
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
        steady,
        formerCohort,
        formerSeen,
        formerCallers,
        formerRing);
  }

  /** A reboot frees everything. A boot too short to be compared with leaves the one before it. */
  private HostPanel rebooted(String boot, String build, long inBucket, int seasons) {
    int[] lastDay = new int[callers.length * seasons];
    int seenLastDay = 0;
    for (long b = bucket - seasons; b < bucket; b++) {
      int season = slot(b, seasons);
      int slot = slot(b, 2 * seasons);
      if ((seen & 1 << slot) != 0) {
        seenLastDay |= 1 << season;
        for (int i = 0; i < callers.length; i++) {
          lastDay[i * seasons + season] = ring[i * 2 * seasons + slot];
        }
      }
    }
    boolean comparable = seenLastDay != 0;
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
        EMPTY,
        comparable ? cohort : formerCohort,
        comparable ? seenLastDay : formerSeen,
        comparable ? callers : formerCallers,
        comparable ? lastDay : formerRing);
  }
}
