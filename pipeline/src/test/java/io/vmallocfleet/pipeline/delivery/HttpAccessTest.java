/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionException;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.apache.flink.metrics.SimpleCounter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real server that speaks TLS with a certificate nobody knows but the file. */
class HttpAccessTest {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final List<String> AUTHORISATIONS =
      Collections.synchronizedList(new ArrayList<>());

  @TempDir private static Path directory;
  private static Path certificate;
  private static HttpsServer server;

  @BeforeAll
  static void start() throws Exception {
    Path store = directory.resolve("server.p12");
    keytool(
        "-genkeypair",
        "-alias",
        "server",
        "-keyalg",
        "EC",
        "-dname",
        "CN=127.0.0.1",
        "-ext",
        "san=ip:127.0.0.1",
        "-keystore",
        store.toString(),
        "-storepass",
        new String(PASSWORD));
    certificate = directory.resolve("ca.pem");
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        "server",
        "-file",
        certificate.toString(),
        "-keystore",
        store.toString(),
        "-storepass",
        new String(PASSWORD));

    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    server =
        HttpsServer.create(
            new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext(
        "/",
        exchange -> {
          AUTHORISATIONS.add(
              String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop(0);
  }

  @BeforeEach
  void forget() {
    AUTHORISATIONS.clear();
  }

  @Test
  void a_password_from_a_file_over_tls_that_a_file_vouches_for() throws Exception {
    Path password = Files.writeString(directory.resolve("password"), "s3cret\n");

    post(access("ann", password.toString(), "", certificate.toString()));

    String expected =
        Base64.getEncoder().encodeToString("ann:s3cret".getBytes(StandardCharsets.UTF_8));
    assertThat(AUTHORISATIONS).containsExactly("Basic " + expected);
  }

  @Test
  void a_token_that_is_exchanged_while_the_job_runs() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), "first\n");
    HttpAccess access = access("", "", token.toString(), certificate.toString());
    var http = new HttpJson(access.client(), access, new SimpleCounter());

    http.post(address(), new ObjectMapper().createObjectNode()).join();
    Files.writeString(token, "second\n");
    http.post(address(), new ObjectMapper().createObjectNode()).join();

    assertThat(AUTHORISATIONS).containsExactly("Bearer first", "Bearer second");
  }

  @Test
  void a_certificate_that_nobody_vouches_for_is_refused() {
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(() -> post(access("", "", "", "")))
        .withCauseInstanceOf(SSLHandshakeException.class);
    assertThat(AUTHORISATIONS).isEmpty();
  }

  private static void post(HttpAccess access) {
    new HttpJson(access.client(), access, new SimpleCounter())
        .post(address(), new ObjectMapper().createObjectNode())
        .join();
  }

  private static HttpAccess access(String user, String password, String token, String ca) {
    return new HttpAccess(user, password, token, ca, Duration.ofSeconds(10));
  }

  private static URI address() {
    return URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/api/v2/alerts");
  }

  private static void keytool(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }
}
