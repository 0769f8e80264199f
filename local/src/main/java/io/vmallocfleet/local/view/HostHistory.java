/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.view;

import io.vmallocfleet.local.records.CallerName;
import io.vmallocfleet.schemas.CallerUsage;
import io.vmallocfleet.schemas.HostWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The last windows of one host.
 *
 * @param recent newest first, from 1 to {@value #KEPT}
 * @param windows how many were seen in all
 */
public record HostHistory(List<HostWindow> recent, long windows) {
  private static final int KEPT = 4;

  public HostHistory {
    recent = List.copyOf(recent);
  }

  static HostHistory beginning(HostWindow window) {
    return new HostHistory(List.of(window), 1);
  }

  /** With that window, unless it is a repeated delivery or older than the latest. */
  HostHistory then(HostWindow window) {
    if (!window.getWindowEnd().isAfter(latest().getWindowEnd())) {
      return this;
    }
    List<HostWindow> longer = new ArrayList<>(recent);
    longer.add(0, window);
    return new HostHistory(longer.subList(0, Math.min(KEPT, longer.size())), windows + 1);
  }

  public HostWindow latest() {
    return recent.get(0);
  }

  /** As it was when the latest but {@code steps} windows was the latest. */
  HostHistory back(int steps) {
    return new HostHistory(recent.subList(steps, recent.size()), windows - steps);
  }

  /** Bytes of memory since the previous window; empty when that does not compare. */
  public OptionalLong bytesChange() {
    return previous()
        .map(previous -> OptionalLong.of(latest().getBytes() - previous.getBytes()))
        .orElse(OptionalLong.empty());
  }

  /** Areas since the previous window; empty when that does not compare. */
  public OptionalLong areasChange() {
    return previous()
        .map(previous -> OptionalLong.of(latest().getAreas() - previous.getAreas()))
        .orElse(OptionalLong.empty());
  }

  /**
   * Bytes of one caller since the previous window. Empty when that does not compare, or when the
   * previous window lists only its largest callers and not this one.
   */
  public OptionalLong bytesChange(CallerUsage caller) {
    HostWindow previous = previous().orElse(null);
    if (previous == null) {
      return OptionalLong.empty();
    }
    var name = new CallerName(caller.getFunction(), caller.getModule());
    for (CallerUsage before : previous.getTopCallers()) {
      if (name.equals(new CallerName(before.getFunction(), before.getModule()))) {
        return OptionalLong.of(caller.getBytes() - before.getBytes());
      }
    }
    boolean allListed = previous.getCallers() <= previous.getTopCallers().size();
    return allListed ? OptionalLong.of(caller.getBytes()) : OptionalLong.empty();
  }

  /** The window to compare with: the one before, if of the same boot and both could be seen. */
  private Optional<HostWindow> previous() {
    return recent.size() > 1
            && recent.get(1).getBootId().equals(latest().getBootId())
            && recent.get(1).getBlind() == null
            && latest().getBlind() == null
        ? Optional.of(recent.get(1))
        : Optional.empty();
  }
}
