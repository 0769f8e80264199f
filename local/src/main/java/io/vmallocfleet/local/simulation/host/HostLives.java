/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.host;

import io.vmallocfleet.local.simulation.Effect;
import java.time.Instant;
import java.util.List;

/**
 * Begins lives from the bundled captures and callers, which are read once. Lives begun by one of
 * these are for one thread.
 */
public final class HostLives {
  private final Catalogue catalogue = Catalogue.bundled();
  private final AreaEncodings encodings = new AreaEncodings();

  /**
   * @param effects what happens to the host
   * @param start when its life is first looked at
   */
  public HostLife begin(HostPlan plan, List<Effect> effects, Instant start) {
    return new HostLife(plan, catalogue, encodings, effects, start);
  }
}
