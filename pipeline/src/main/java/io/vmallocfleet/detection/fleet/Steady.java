/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

/**
 * Hosts on which a caller has moved steadily one way.
 *
 * @param growing hosts
 * @param shrinking hosts: how many chance makes steady, where it makes as many grow
 * @param growthBytes what the growing ones gained in a day, together
 */
public record Steady(long growing, long shrinking, double growthBytes) {

  /** Buckets in a row that must have looked steady: a step looks so in one or two. */
  static final int BUCKETS = 3;

  static final Steady NONE = new Steady(0, 0, 0);

  Steady plus(Steady other) {
    return new Steady(
        growing + other.growing, shrinking + other.shrinking, growthBytes + other.growthBytes);
  }
}
