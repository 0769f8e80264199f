/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulate;

import io.vmallocfleet.local.backtest.evaluation.Label;
import io.vmallocfleet.local.simulation.Effect;
import io.vmallocfleet.local.simulation.host.HostLife;
import io.vmallocfleet.local.simulation.scenario.Incident;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import javax.annotation.Nullable;

/**
 * Looks at an incident as it happens for the moment from which it can be told from noise: what the
 * callers hold because of it, over all its hosts, passes {@link #SIGMAS} standard deviations of
 * what they hold anyway, as that was until it began. Address space that breaks up is visible when
 * the request no longer fits; areas that come and go, and what shows in no caller, at once.
 */
final class Visibility {
  static final double SIGMAS = 3;

  private final Incident incident;
  private final List<HostLife> lives;
  private long count;
  private double mean;
  private double squares;
  private @Nullable Instant since;

  Visibility(Incident incident, Function<Incident.Strike, HostLife> lives) {
    this.incident = incident;
    this.lives = incident.strikes().stream().map(lives).toList();
  }

  /** After all hosts have lived until now. */
  void look(Instant now) {
    if (incident.benign() || since != null) {
      return;
    }
    if (incident.request() != null) {
      HostLife host = lives.get(0);
      if (!now.isBefore(incident.from())
          && !host.fits(incident.request().region(), incident.request().bytes())) {
        since = now;
      }
      return;
    }
    boolean inNumbers =
        incident.strikes().stream().anyMatch(s -> s.effect() instanceof Effect.Churn);
    if (incident.callers().isEmpty() || inNumbers) {
      since = incident.from();
      return;
    }
    double because = 0;
    double anyway = 0;
    for (int i = 0; i < lives.size(); i++) {
      Incident.Strike strike = incident.strikes().get(i);
      HostLife life = lives.get(i);
      double effect = life.bytesBecauseOf(strike.effect());
      because += effect;
      anyway -= effect;
      for (Label.Caller caller : strike.callers()) {
        anyway += life.bytes(caller.function(), caller.module());
      }
    }
    if (now.isBefore(incident.from())) {
      count++;
      double off = anyway - mean;
      mean += off / count;
      squares += off * (anyway - mean);
      return;
    }
    double sigma = count < 2 ? 0 : Math.sqrt(squares / (count - 1));
    if (because > 0 && because > SIGMAS * sigma) {
      since = now;
    }
  }

  /** Whether it ever was visible; a harmless one need not be. */
  boolean isVisible() {
    return incident.benign() || since != null;
  }

  /** The label; one that never was visible is so from its end. */
  Label label() {
    Instant visible = incident.benign() ? incident.from() : since == null ? incident.to() : since;
    List<Incident.Strike> strikes = incident.strikes();
    return new Label(
        incident.id(),
        incident.kinds(),
        incident.benign(),
        strikes.stream().map(s -> s.host().id()).toList(),
        strikes.stream().map(s -> s.host().name()).toList(),
        incident.callers(),
        incident.purpose(),
        incident.cohort(),
        incident.from(),
        incident.to(),
        visible);
  }
}
