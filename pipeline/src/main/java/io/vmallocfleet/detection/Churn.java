/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

/**
 * How often the areas of one caller on one host usually come and go, and for how many windows it
 * has been far more. 16 bytes, immutable.
 *
 * <p>Mean and mean deviation are exponentially weighted, and what a window adds is clipped at three
 * deviations (Huber, "Robust estimation of a location parameter", 1964): a burst does not become
 * usual, a lasting change does, slowly.
 *
 * @param windows seen, up to the memory
 * @param raised windows in a row that are far above the usual
 */
public record Churn(float mean, float deviation, int windows, int raised) {
  private static final int MEMORY = 256;
  private static final double CLIP = 3;

  public static Churn unknown() {
    return new Churn(0, 0, 0, 0);
  }

  /**
   * What is known of a caller whose areas hardly came or went so far.
   *
   * @param windows seen of the host, from 0
   */
  public static Churn calmFor(int windows) {
    return new Churn(0, 0, Math.min(windows, MEMORY), 0);
  }

  /** Whether nothing is left to remember. */
  public boolean isCalm(ChurnSettings settings) {
    return raised == 0 && mean < settings.rememberedFrom() / 2.0;
  }

  /**
   * @param changes areas that came and areas that went, from 0
   */
  public Churn observe(long changes, ChurnSettings settings) {
    double excess = changes - mean;
    boolean far =
        windows >= settings.warmUp()
            && changes >= settings.floorAreas()
            && changes >= settings.minimumRatio() * mean
            && excess >= settings.minimumDeviations() * deviation;
    // One change more or less is never out of the usual, so that a rest of 0 can be left.
    double limit = windows < settings.warmUp() ? Double.MAX_VALUE : CLIP * Math.max(deviation, 1);
    double clipped = Math.max(-limit, Math.min(limit, excess));
    int seen = Math.min(windows + 1, MEMORY);
    return new Churn(
        (float) (mean + clipped / seen),
        (float) (deviation + (Math.abs(clipped) - deviation) / seen),
        seen,
        far ? raised + 1 : 0);
  }

  /** Whether the window observed last shows far more than usual, for long enough. */
  public boolean isFarAboveUsual(ChurnSettings settings) {
    return raised >= settings.persistence();
  }
}
