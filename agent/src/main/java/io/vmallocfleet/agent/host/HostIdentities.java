/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.host;

import io.vmallocfleet.schemas.snapshot.HostIdentity;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads this host's identity; see {@code Host} in {@code VmallocSnapshot.avsc}. */
public final class HostIdentities {
  /** Key of the page size in the auxiliary vector (include/uapi/linux/auxvec.h). */
  private static final long AT_PAGESZ = 6;

  private static final int COMMON_PAGE_SIZE = 4096;

  private HostIdentities() {}

  public static HostIdentity read(HostFiles files, Map<String, String> labels) {
    String hostname = files.text("proc/sys/kernel/hostname").orElse("localhost");
    return new HostIdentity(
        id(files, hostname),
        hostname,
        files.text("proc/sys/kernel/random/boot_id").orElse(""),
        files.text("proc/sys/kernel/osrelease").orElse("unknown"),
        files.text("proc/sys/kernel/version").orElse("unknown"),
        architecture(files),
        pageSize(files.bytes("proc/self/auxv")),
        possibleCpus(files.text("sys/devices/system/cpu/possible")),
        labels);
  }

  /**
   * Host id from the machine id, which must not be shown to others as it is (machine-id(5)), so it
   * is hashed with our name. A host without one is told apart by its name.
   */
  private static String id(HostFiles files, String hostname) {
    String secret =
        Stream.of("etc/machine-id", "var/lib/dbus/machine-id")
            .map(files::text)
            .flatMap(Optional::stream)
            .findFirst()
            .orElse("hostname:" + hostname);
    return hash("vmalloc-fleet:" + secret);
  }

  /** 32 hex digits of SHA-256. */
  public static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String architecture(HostFiles files) {
    return files
        .text("proc/sys/kernel/arch") // since Linux 6.1
        .orElseGet(
            () -> {
              String arch = System.getProperty("os.arch");
              return arch.equals("amd64") ? "x86_64" : arch;
            });
  }

  /** Page size from the auxiliary vector of this process: pairs of native longs. */
  static int pageSize(byte[] auxv) {
    ByteBuffer pairs = ByteBuffer.wrap(auxv).order(ByteOrder.nativeOrder());
    boolean wide = !System.getProperty("sun.arch.data.model", "64").equals("32");
    int pair = wide ? 16 : 8;
    while (pairs.remaining() >= pair) {
      long key = wide ? pairs.getLong() : pairs.getInt();
      long value = wide ? pairs.getLong() : pairs.getInt();
      if (key == AT_PAGESZ) {
        return (int) value;
      }
    }
    return COMMON_PAGE_SIZE;
  }

  /** CPUs in a list such as {@code 0-3,8-11}; 0 if there is none. */
  static int possibleCpus(Optional<String> list) {
    int cpus = 0;
    for (String range : list.map(l -> l.split(",")).orElse(new String[0])) {
      try {
        String[] ends = range.split("-");
        cpus += Integer.parseInt(ends[ends.length - 1]) - Integer.parseInt(ends[0]) + 1;
      } catch (NumberFormatException e) {
        return 0;
      }
    }
    return cpus;
  }
}
