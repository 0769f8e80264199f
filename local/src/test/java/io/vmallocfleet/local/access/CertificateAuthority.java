/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Signs certificates for 127.0.0.1, by {@code keytool}, in a directory of its own. */
public final class CertificateAuthority {
  private static final String PASSWORD = "keystore-secret";

  private final Path directory;

  private CertificateAuthority(Path directory) {
    this.directory = directory;
  }

  public static CertificateAuthority in(Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    var authority = new CertificateAuthority(directory);
    authority.keytool("ca", "-genkeypair -alias ca -keyalg EC -dname CN=authority -ext bc:c");
    authority.keytool("ca", "-exportcert -rfc -alias ca -file " + authority.certificate());
    return authority;
  }

  /** For clients: whom they trust. */
  public Map<String, String> trust() {
    return Map.of(
        "ssl.truststore.type", "PEM", "ssl.truststore.location", certificate().toString());
  }

  /**
   * A key and its certificate, as a broker wants them.
   *
   * @param validity keytool's words for since when and how long
   */
  public Map<String, String> issue(String name, String validity)
      throws IOException, InterruptedException {
    Path request = directory.resolve(name + ".csr");
    Path signed = directory.resolve(name + ".crt");
    keytool(name, "-genkeypair -alias %s -keyalg EC -dname CN=%s".formatted(name, name));
    keytool(name, "-certreq -alias %s -file %s".formatted(name, request));
    keytool(
        "ca",
        "-gencert -alias ca -infile %s -outfile %s -ext SAN=ip:127.0.0.1 %s"
            .formatted(request, signed, validity));
    keytool(name, "-importcert -noprompt -alias ca -file " + certificate());
    keytool(name, "-importcert -noprompt -alias %s -file %s".formatted(name, signed));
    return Map.of(
        "ssl.keystore.type",
        "PKCS12",
        "ssl.keystore.location",
        store(name).toString(),
        "ssl.keystore.password",
        PASSWORD,
        "ssl.key.password",
        PASSWORD);
  }

  private Path certificate() {
    return directory.resolve("ca.crt");
  }

  private Path store(String name) {
    return directory.resolve(name + ".p12");
  }

  private void keytool(String store, String arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(List.of(arguments.split(" ")));
    command.addAll(
        List.of(
            "-keystore", store(store).toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
    Path log = directory.resolve("keytool.log");
    Process keytool =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (keytool.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + Files.readString(log));
    }
  }
}
