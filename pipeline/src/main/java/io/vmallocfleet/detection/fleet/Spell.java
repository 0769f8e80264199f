/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

/**
 * Something that must last before it counts and be away before it is over: two buckets each.
 *
 * @param sinceBucket first bucket that showed it
 * @param shown buckets that showed it
 * @param missed buckets in a row that did not
 */
public record Spell(long sinceBucket, int shown, int missed) {
  static final int LASTING = 2;

  static Spell from(long bucket) {
    return new Spell(bucket, 0, 0);
  }

  Spell shownAgain() {
    return new Spell(sinceBucket, shown + 1, 0);
  }

  Spell notShown() {
    return new Spell(sinceBucket, shown, missed + 1);
  }

  /** Whether it is to be spoken of. */
  boolean counts() {
    return shown >= LASTING;
  }

  /** The same for what must be away for longer once it was spoken of. */
  boolean isOver(int buckets) {
    return missed >= (counts() ? buckets : 1);
  }

  boolean isOver() {
    return missed >= LASTING || !counts() && missed > 0;
  }
}
