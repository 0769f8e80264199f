/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

/**
 * Whether something that windows show or do not show is there: after so many windows in a row with
 * it, until so many in a row without. Immutable, 5 bytes.
 *
 * @param there whether it is
 * @param against windows in a row that say otherwise, from 0
 */
public record Persistence(boolean there, int against) {

  /** Whether it is there and the last window shows it. */
  public boolean isShown() {
    return there && against == 0;
  }

  public static Persistence absent() {
    return new Persistence(false, 0);
  }

  /**
   * @param shown whether the window shows it
   * @param toBegin windows in a row it takes to begin, from 1
   * @param toEnd windows in a row it takes to end, from 1
   */
  public Persistence observe(boolean shown, int toBegin, int toEnd) {
    if (shown == there) {
      return against == 0 ? this : new Persistence(there, 0);
    }
    boolean turned = against + 1 >= (there ? toEnd : toBegin);
    return turned ? new Persistence(shown, 0) : new Persistence(there, against + 1);
  }
}
