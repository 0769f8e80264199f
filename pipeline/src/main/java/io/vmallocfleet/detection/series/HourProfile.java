/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.series;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * By how much the hours of a day lie above or below the level, Saturdays and Sundays apart from the
 * other days, in UTC. Between the middles of two hours it is interpolated. An hour not seen yet
 * borrows from the other kind of day, and is 0 without that.
 *
 * <p>An hour's mean is taken in when the hour is over, averaged over the days first and then with a
 * memory of {@link #DAYS}. Values are kept as the upper half of a float: 8 significant bits.
 */
final class HourProfile {
  static final int BYTES = 2 * 24 * Short.BYTES + 2 * Byte.BYTES + Float.BYTES + Integer.BYTES + 1;

  private static final int DAYS = 6;
  private static final long HOUR_MILLIS = 3_600_000;
  private static final int SUNDAY = 0;
  private static final int SATURDAY = 6;
  private static final short UNSEEN = (short) (Float.floatToIntBits(Float.NaN) >>> 16);

  private final short[] hours = new short[48];
  private final byte[] days = new byte[2];
  private int hour = -1;
  private float sum;
  private int points;

  HourProfile() {
    Arrays.fill(hours, UNSEEN);
  }

  static HourProfile read(ByteBuffer state) {
    var profile = new HourProfile();
    for (int i = 0; i < profile.hours.length; i++) {
      profile.hours[i] = state.getShort();
    }
    state.get(profile.days);
    profile.sum = state.getFloat();
    profile.points = state.getInt();
    profile.hour = state.get();
    return profile;
  }

  void write(ByteBuffer state) {
    for (short value : hours) {
      state.putShort(value);
    }
    state.put(days).putFloat(sum).putInt(points).put((byte) hour);
  }

  boolean knows(long millis) {
    int index = index(millis);
    return hours[index] != UNSEEN || hours[otherKind(index)] != UNSEEN;
  }

  double at(long millis) {
    int kind = index(millis) / 24 * 24;
    double hourOfDay = (double) Math.floorMod(millis, 24 * HOUR_MILLIS) / HOUR_MILLIS - 0.5;
    int before = Math.floorMod((int) Math.floor(hourOfDay), 24);
    double share = hourOfDay - Math.floor(hourOfDay);
    return (1 - share) * value(kind + before) + share * value(kind + (before + 1) % 24);
  }

  /**
   * @param excess of the point above the level
   * @param limit most by which an hour changes at a time
   */
  void observe(long millis, double excess, double limit) {
    int now = index(millis);
    if (now != hour) {
      if (points > 0) {
        close(sum / points, limit);
      }
      hour = now;
      sum = 0;
      points = 0;
    }
    sum += (float) excess;
    points++;
  }

  private void close(double mean, double limit) {
    int kind = hour / 24;
    if (hours[hour] == UNSEEN) {
      hours[hour] = half(mean);
    } else {
      double old = value(hour);
      double change = Math.max(-limit, Math.min(limit, mean - old));
      hours[hour] = half(old + change / Math.max(2, days[kind]));
    }
    if (hour % 24 == 23 && days[kind] < DAYS) {
      days[kind]++;
    }
  }

  private double value(int index) {
    short half = hours[index] != UNSEEN ? hours[index] : hours[otherKind(index)];
    return half == UNSEEN ? 0 : Float.intBitsToFloat(half << 16);
  }

  private static short half(double value) {
    // Half of the last bit that stays, so that cutting the rest off rounds.
    return (short) ((Float.floatToIntBits((float) value) + 0x8000) >>> 16);
  }

  private static int index(long millis) {
    long day = Math.floorDiv(millis, 24 * HOUR_MILLIS);
    int weekday = Math.floorMod(day + 4, 7); // 1 January 1970 was a Thursday
    int hourOfDay = (int) (Math.floorMod(millis, 24 * HOUR_MILLIS) / HOUR_MILLIS);
    return hourOfDay + (weekday == SUNDAY || weekday == SATURDAY ? 24 : 0);
  }

  private static int otherKind(int index) {
    return (index + 24) % 48;
  }
}
