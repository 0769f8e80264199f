/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.view;

import io.vmallocfleet.local.records.CallerName;
import io.vmallocfleet.local.records.Printable;
import io.vmallocfleet.schemas.AddressWindow;
import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.CallerUsage;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.HostUse;
import io.vmallocfleet.schemas.HostWindow;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * News as lines for {@code grep} and {@code awk}: names before values, exact bytes, one word a
 * value; only a sentence at the end of a line, after its colon, has blanks.
 *
 * <pre>
 * window 12:00:10..12:00:20 host vm-01 bytes 14462976 areas 701 unpurged 35 callers 27 change +16384 ...
 *   caller kernel_clone areas 190 bytes 3112960 change +16384 mapped-bytes 3891200
 *   fragmentation vmalloc holes 201 hole-bytes 7561216 largest-hole 831488 ...
 * finding LEAK host sim-07 caller htab_map_alloc fingerprint 0123... windows 3 ...: sentence
 * alert FIRING severity PAGE kind LEAK host sim-07 caller htab_map_alloc owner kernel ...: sentence
 * </pre>
 */
final class PlainLines {
  private final ZoneId zone;

  PlainLines(ZoneId zone) {
    this.zone = zone;
  }

  /** Where everything is, and whose numbers follow. */
  List<String> run(Run run) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "running web-ui %s kafka %s sql %s data %s window %d ms interval %d ms"
            .formatted(
                run.webUi(),
                run.kafka(),
                run.jdbcUrl(),
                run.data(),
                run.window().toMillis(),
                run.agentInterval().toMillis()));
    if (run.sample() != null) {
      lines.add(
          "sample: a bundled sample stands in for this host's file: "
              + Printable.line(run.sample()));
    }
    return lines;
  }

  /** The host's latest window. */
  List<String> window(HostHistory host) {
    HostWindow latest = host.latest();
    String head =
        "window %s host %s"
            .formatted(
                Spoken.window(latest.getWindowStart(), latest.getWindowEnd(), zone),
                Printable.word(latest.getHostname()));
    if (latest.getBlind() != null) {
      return List.of(head + " blind: " + Printable.line(latest.getBlind()));
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s bytes %d areas %d unpurged %d callers %d change %s mapped-bytes %d guard-bytes %d unpurged-bytes %d malformed %d addresses %s"
            .formatted(
                head,
                latest.getBytes(),
                latest.getAreas(),
                latest.getUnpurgedAreas(),
                latest.getCallers(),
                change(host.bytesChange()),
                latest.getMappedBytes(),
                latest.getGuardBytes(),
                latest.getUnpurgedBytes(),
                latest.getMalformedLines(),
                latest.getAddressMode()));
    for (CallerUsage caller : latest.getTopCallers()) {
      lines.add(
          "  caller %s areas %d bytes %d change %s mapped-bytes %d"
              .formatted(
                  new CallerName(caller.getFunction(), caller.getModule()).word(),
                  caller.getAreas(),
                  caller.getBytes(),
                  change(host.bytesChange(caller)),
                  caller.getMappedBytes()));
    }
    Fragmentation fragmentation = Fragmentation.of(latest);
    fragmentation.windows().forEach(window -> lines.add(addressWindow(window)));
    if (fragmentation.unknown() != null) {
      lines.add("  fragmentation unknown: " + Printable.line(fragmentation.unknown()));
    }
    return lines;
  }

  private static String addressWindow(AddressWindow window) {
    String unusable =
        window.getUnusableFreeSpace() == null
            ? ""
            : window.getUnusableFreeSpace().stream()
                .map(
                    u ->
                        String.format(
                            Locale.ROOT, " unusable-%d %.4f", u.getRequestBytes(), u.getIndex()))
                .collect(Collectors.joining());
    return "  fragmentation %s holes %d hole-bytes %d largest-hole %d used-bytes %d span-bytes %d areas %d%s"
        .formatted(
            window.getRegion().toString().toLowerCase(Locale.ROOT),
            window.getHoles(),
            window.getHoleBytes(),
            window.getLargestHoleBytes(),
            window.getUsedBytes(),
            window.getSpanBytes(),
            window.getAreas(),
            unusable);
  }

  List<String> fleet(FleetWindow fleet) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "fleet %s hosts %d bytes %d areas %d callers %d"
            .formatted(
                Spoken.window(fleet.start(), fleet.end(), zone),
                fleet.hosts(),
                fleet.bytes(),
                fleet.areas(),
                fleet.callers().size()));
    for (FleetCaller caller : fleet.callers()) {
      lines.add(
          "  fleet-caller %s hosts %d areas %d bytes %d p50 %s p99 %s most-on %s"
              .formatted(
                  caller.name().word(),
                  caller.hosts(),
                  caller.areas(),
                  caller.bytes(),
                  quantile(caller.p50Bytes()),
                  quantile(caller.p99Bytes()),
                  caller.worst().map(HostUse::getHostname).map(Printable::word).orElse("-")));
    }
    return lines;
  }

  String finding(FindingHistory history, Instant now) {
    Finding finding = history.latest();
    return "finding %s host %s caller %s fingerprint %s windows %d first %s last %s : %s"
        .formatted(
            finding.getKind(),
            finding.getHostname() == null ? "-" : Printable.word(finding.getHostname()),
            new CallerName(finding.getFunction(), finding.getModule()).word(),
            Printable.word(finding.getFingerprint()),
            history.windows(),
            Printable.word(Spoken.moment(history.firstSeen(), now, zone)),
            Printable.word(Spoken.moment(history.lastSeen(), now, zone)),
            Printable.line(finding.getSentence()));
  }

  String alert(Alert alert) {
    Finding finding = alert.getFinding();
    return "alert %s severity %s kind %s host %s caller %s owner %s fingerprint %s : %s"
        .formatted(
            alert.getState(),
            alert.getSeverity(),
            finding.getKind(),
            finding.getHostname() == null ? "-" : Printable.word(finding.getHostname()),
            finding.getFunction().isEmpty()
                ? "-"
                : new CallerName(finding.getFunction(), finding.getModule()).word(),
            Printable.word(alert.getOwner()),
            Printable.word(alert.getFingerprint()),
            Printable.line(finding.getSentence()));
  }

  private static String change(OptionalLong change) {
    return change.isEmpty() ? "?" : String.format(Locale.ROOT, "%+d", change.getAsLong());
  }

  private static String quantile(double bytes) {
    return Double.isNaN(bytes) ? "?" : String.valueOf(Math.round(bytes));
  }
}
