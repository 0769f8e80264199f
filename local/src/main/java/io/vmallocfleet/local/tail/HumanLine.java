/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.tail;

import io.vmallocfleet.local.records.CallerName;
import io.vmallocfleet.local.records.Printable;
import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.ByteCount;
import io.vmallocfleet.schemas.CallerUsage;
import io.vmallocfleet.schemas.CallerWindow;
import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.Rule;
import io.vmallocfleet.schemas.VmallocSnapshot;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.apache.avro.generic.IndexedRecord;

/** A decoded record as one line for people, which begins with the record's own time. */
final class HumanLine {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private final ZoneId zone;

  HumanLine(ZoneId zone) {
    this.zone = zone;
  }

  String of(IndexedRecord record) {
    return Printable.line(text(record));
  }

  private String text(IndexedRecord record) {
    if (record instanceof HostWindow host) {
      return hostWindow(host);
    }
    if (record instanceof CallerWindow caller) {
      return callerWindow(caller);
    }
    if (record instanceof Finding finding) {
      return "%s  %s  %s"
          .formatted(time(finding.getWindowEnd()), finding.getKind(), finding.getSentence());
    }
    if (record instanceof Alert alert) {
      return "%s  %s  %s  %s  %s"
          .formatted(
              time(alert.getUpdatedAt()),
              alert.getState(),
              alert.getFinding().getKind(),
              alert.getOwner(),
              alert.getFinding().getSentence());
    }
    if (record instanceof Rule rule) {
      return "%s  %s%s by %s: %s"
          .formatted(
              time(rule.getAt()),
              rule.getRuleId(),
              rule.getActive() ? "" : " withdrawn",
              rule.getBy(),
              rule.getWhy());
    }
    if (record instanceof DeadLetter letter) {
      return "%s  %s  %s partition %d offset %d: %s"
          .formatted(
              time(letter.getAppendedAt()),
              letter.getReason(),
              letter.getTopic(),
              letter.getPartition(),
              letter.getOffset(),
              letter.getDetail());
    }
    if (record instanceof VmallocSnapshot snapshot) {
      return snapshot(snapshot);
    }
    throw new IllegalArgumentException("no line for a " + record.getSchema().getFullName());
  }

  private String hostWindow(HostWindow host) {
    String begin = time(host.getWindowEnd()) + "  " + host.getHostname();
    if (host.getBlind() != null) {
      return begin + "  blind: " + host.getBlind();
    }
    String most = "";
    if (!host.getTopCallers().isEmpty()) {
      CallerUsage top = host.getTopCallers().get(0);
      most =
          ", most by %s (%s)"
              .formatted(new CallerName(top.getFunction(), top.getModule()), size(top.getBytes()));
    }
    return "%s  %s in %s of %s%s"
        .formatted(
            begin,
            size(host.getBytes()),
            count(host.getAreas(), "area"),
            count(host.getCallers(), "caller"),
            most);
  }

  private String callerWindow(CallerWindow caller) {
    String most =
        caller.getTopHosts().isEmpty()
            ? ""
            : ", most on %s (%s)"
                .formatted(
                    caller.getTopHosts().get(0).getHostname(),
                    size(caller.getTopHosts().get(0).getBytes()));
    return "%s  %s  %s in %s on %s with kernel %s, median %s%s"
        .formatted(
            time(caller.getWindowEnd()),
            new CallerName(caller.getFunction(), caller.getModule()),
            size(caller.getBytes()),
            count(caller.getAreas(), "area"),
            count(caller.getHosts(), "host"),
            caller.getCohort().getKernelRelease(),
            size(Math.round(caller.getBytesPerHost().getP50())),
            most);
  }

  private String snapshot(VmallocSnapshot snapshot) {
    String begin =
        "%s  %s  snapshot %d"
            .formatted(
                time(snapshot.getTakenAt()),
                snapshot.getHost().getHostname(),
                snapshot.getSequence());
    if (snapshot.getBlind() != null) {
      return begin + ", blind: " + snapshot.getBlind();
    }
    return "%s: %s of %s, addresses %s, read in %d us"
        .formatted(
            begin,
            count(snapshot.getAreas().size(), "area"),
            count(snapshot.getCallSites().size(), "call site"),
            snapshot.getAddressMode(),
            snapshot.getReadMicros());
  }

  private String time(Instant instant) {
    return TIME.format(instant.atZone(zone));
  }

  private static String size(long bytes) {
    return new ByteCount(bytes).toString();
  }

  private static String count(long count, String one) {
    return count + " " + one + (count == 1 ? "" : "s");
  }
}
