/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.check;

import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import io.vmallocfleet.agent.vmallocinfo.ParserLimits;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoParser;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoReader;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Checks of what is on this host: the file to read, and the directory of the spool. */
public final class HostChecks {
  private HostChecks() {}

  /** Whether the areas can be seen, and how much of them. */
  public static CheckResult reading(Path file) {
    String subject = "reading";
    try (var reader = new VmallocinfoReader(file)) {
      long started = System.nanoTime();
      reader.read();
      long readMicros = (System.nanoTime() - started) / 1000;
      AreaTable areas =
          new VmallocinfoParser(ParserLimits.longRunning()).parse(reader.bytes(), reader.length());
      String found =
          "%s: %d areas in %d.%d ms"
              .formatted(file, areas.rows(), readMicros / 1000, readMicros % 1000 / 100);
      if (areas.malformed() > 0) {
        return CheckResult.warn(
            subject,
            "%s, %d lines not understood; please report this one: %s"
                .formatted(found, areas.malformed(), areas.malformedLines().get(0).redacted()));
      }
      return switch (areas.mode()) {
        case REAL -> CheckResult.ok(subject, found + ", real addresses: holes can be measured");
        case HASHED ->
            CheckResult.ok(
                subject,
                found
                    + ", hashed addresses: sums and churn, no hole sizes; those need CAP_SYSLOG and"
                    + " kernel.kptr_restrict=1");
        case ZEROED, PLACEHOLDER, UNKNOWN ->
            CheckResult.warn(
                subject,
                found
                    + ", no addresses: only sums per caller; give the agent CAP_SYSLOG, and set"
                    + " kernel.kptr_restrict to 1 or 0");
      };
    } catch (VmallocinfoUnavailable e) {
      return CheckResult.fail(subject, e.getMessage());
    }
  }

  /** Whether snapshots can wait on the disk. */
  public static CheckResult spool(Optional<Path> directory, long maxBytes) {
    String subject = "spool";
    if (directory.isEmpty()) {
      return CheckResult.warn(
          subject,
          "spool.directory is none: what waits for the broker is lost at a restart; name a"
              + " directory to keep it");
    }
    Path path = directory.get();
    try {
      Files.createDirectories(path);
      Path probe = Files.createTempFile(path, "check", ".tmp");
      Files.delete(probe);
      long free = Files.getFileStore(path).getUsableSpace();
      if (free < maxBytes) {
        return CheckResult.warn(
            subject,
            "%s has %d MiB free, less than spool.max.bytes of %d MiB; free some, or lower it"
                .formatted(path, free >> 20, maxBytes >> 20));
      }
      return CheckResult.ok(subject, "%s is writable, %d MiB free".formatted(path, free >> 20));
    } catch (IOException e) {
      return CheckResult.warn(
          subject,
          "%s cannot be written (%s): snapshots stay in memory; run 'install -d -o USER %s', or set spool.directory"
              .formatted(path, e, path));
    }
  }
}
