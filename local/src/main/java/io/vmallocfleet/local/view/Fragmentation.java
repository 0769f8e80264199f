/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.view;

import io.vmallocfleet.schemas.AddressWindow;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.UnusableFreeSpace;
import java.util.List;
import java.util.OptionalDouble;
import javax.annotation.Nullable;

/**
 * What is known of holes in a host's kernel address space.
 *
 * @param windows address windows with known holes; empty if none has
 * @param unknown why some are not known and how to see them; null when all are
 */
record Fragmentation(List<AddressWindow> windows, @Nullable String unknown) {
  static Fragmentation of(HostWindow host) {
    List<AddressWindow> known =
        host.getWindows().stream().filter(window -> window.getHoles() != null).toList();
    boolean all = known.size() == host.getWindows().size() && !known.isEmpty();
    return new Fragmentation(known, all ? null : whyUnknown(host));
  }

  private static String whyUnknown(HostWindow host) {
    if (host.getBlind() != null) {
      return host.getBlind();
    }
    return switch (host.getAddressMode()) {
      case REAL ->
          host.getWindows().isEmpty()
              ? "the kernel listed no area"
              : "the agent could not tell every gap between two areas";
      case HASHED ->
          "addresses are hashed (kptr_restrict=0): "
              + runs(host)
              + ", hole sizes are not; sysctl kernel.kptr_restrict=1 with CAP_SYSLOG shows them";
      case ZEROED ->
          "addresses are hidden from this process (kptr_restrict=1 without CAP_SYSLOG,"
              + " or 2): only sums are known; sysctl kernel.kptr_restrict=1 with CAP_SYSLOG shows"
              + " holes";
      case PLACEHOLDER ->
          "the kernel had no random numbers yet to hash addresses with, shortly"
              + " after boot: only sums are known; a later window shows more";
      case UNKNOWN -> "there was no area to tell from how the kernel shows addresses";
    };
  }

  private static String runs(HostWindow host) {
    long runs =
        host.getWindows().stream()
            .mapToLong(window -> window.getRuns() == null ? 0 : window.getRuns())
            .sum();
    return Spoken.count(runs, "run")
        + " of adjoining areas "
        + (runs == 1 ? "is" : "are")
        + " known";
  }

  /** The index for the smallest request of at least that size; empty if there is none. */
  static OptionalDouble unusableFor(AddressWindow window, long requestBytes) {
    return window.getUnusableFreeSpace() == null
        ? OptionalDouble.empty()
        : window.getUnusableFreeSpace().stream()
            .filter(unusable -> unusable.getRequestBytes() >= requestBytes)
            .mapToDouble(UnusableFreeSpace::getIndex)
            .findFirst();
  }
}
