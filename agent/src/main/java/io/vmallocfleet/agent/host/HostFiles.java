/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.host;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The host's small text files below a root directory, {@code /} on a real host.
 *
 * @param root where {@code proc}, {@code sys} and {@code etc} are
 */
public record HostFiles(Path root) {
  private static final int LARGE = 8192;

  public static final HostFiles REAL = new HostFiles(Path.of("/"));

  /** Content without surrounding blanks; empty if the file is missing, unreadable or blank. */
  Optional<String> text(String path) {
    return Optional.of(new String(bytes(path), StandardCharsets.UTF_8).strip())
        .filter(text -> !text.isEmpty());
  }

  /**
   * Raw content, empty array if not readable. Read in large pieces: a sysctl gives a number only to
   * the first read, so one that asks for a byte first, as {@link Files#readAllBytes} does for files
   * of unknown size, gets one digit of it ({@code proc_dointvec}, kernel/sysctl.c).
   */
  byte[] bytes(String path) {
    var content = new ByteArrayOutputStream();
    byte[] piece = new byte[LARGE];
    try (InputStream in = Files.newInputStream(root.resolve(path))) {
      for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
        content.write(piece, 0, length);
      }
      return content.toByteArray();
    } catch (IOException e) {
      return new byte[0];
    }
  }
}
