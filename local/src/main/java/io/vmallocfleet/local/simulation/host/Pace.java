/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.host;

/**
 * How far a step of time takes the two AR(1) processes of a {@link Level}; the same for all callers
 * of a behaviour.
 */
record Pace(Process noise, Process walk) {
  static Pace of(Behaviour behaviour, double hours) {
    return new Pace(
        Process.of(behaviour.noiseSigma, hours / behaviour.noiseHours),
        Process.of(behaviour.walkSigma, hours / Behaviour.WALK_HOURS));
  }

  /**
   * x ← φx + σ√(1-φ²)e.
   *
   * @param kept φ
   * @param added σ√(1-φ²)
   */
  record Process(double kept, double added) {
    /**
     * @param time in time constants
     */
    static Process of(double sigma, double time) {
      double phi = Math.exp(-time);
      return new Process(phi, sigma * Math.sqrt(1 - phi * phi));
    }

    double step(double x, double innovation) {
      return kept * x + added * innovation;
    }
  }
}
