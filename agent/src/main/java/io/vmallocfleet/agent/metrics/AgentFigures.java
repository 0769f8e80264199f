/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.metrics;

import io.vmallocfleet.agent.Readings;
import io.vmallocfleet.agent.spool.Spool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Where the figures of a running agent are read.
 *
 * @param acknowledged snapshots the broker has
 * @param away why the broker takes none; empty if it does
 */
public record AgentFigures(
    Readings readings, Spool spool, LongSupplier acknowledged, Supplier<Optional<String>> away) {

  /** What is not in order, a line each, {@code blind: ...}; empty if all is well. */
  List<String> complaints() {
    List<String> complaints = new ArrayList<>();
    readings.blind().ifPresent(why -> complaints.add("blind: " + why));
    away.get().ifPresent(why -> complaints.add("broker-away: " + why));
    spool.trouble().ifPresent(why -> complaints.add("spool: " + why));
    return complaints;
  }
}
