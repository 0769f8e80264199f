/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The host's small text files below a root directory, {@code /} on a real host.
 *
 * @param root where {@code proc}, {@code sys} and {@code etc} are
 */
public record HostFiles(Path root) {
  public static final HostFiles REAL = new HostFiles(Path.of("/"));

  /** Content without surrounding blanks; empty if the file is missing, unreadable or blank. */
  Optional<String> text(String path) {
    try {
      return Optional.of(Files.readString(root.resolve(path)).strip()).filter(s -> !s.isEmpty());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Raw content, empty array if not readable. */
  byte[] bytes(String path) {
    try {
      return Files.readAllBytes(root.resolve(path));
    } catch (IOException e) {
      return new byte[0];
    }
  }
}
