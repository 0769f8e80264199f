/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.host;

/**
 * The paces of all behaviours, worked out anew only when a step is not as long as the one before.
 */
final class Paces {
  private final Pace[] paces = new Pace[Behaviour.values().length];
  private double hours = Double.NaN;

  void over(double stepHours) {
    if (stepHours == hours) {
      return;
    }
    hours = stepHours;
    for (Behaviour behaviour : Behaviour.values()) {
      paces[behaviour.ordinal()] = Pace.of(behaviour, hours);
    }
  }

  /** In the last step. */
  Pace of(Behaviour behaviour) {
    return paces[behaviour.ordinal()];
  }
}
