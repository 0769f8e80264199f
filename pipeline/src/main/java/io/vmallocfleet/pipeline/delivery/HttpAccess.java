/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * How to come in at the destinations. Secrets lie in files and are read anew for every request, so
 * that they can be exchanged while the job runs; each path is empty if there is none.
 *
 * @param username for basic authentication, with {@code passwordFile}; empty for none
 * @param bearerTokenFile instead of it
 * @param caFile certificates in PEM to trust instead of the Java platform's
 * @param timeout of connecting and of a whole request
 */
public record HttpAccess(
    String username, String passwordFile, String bearerTokenFile, String caFile, Duration timeout)
    implements Serializable {

  /** Without credentials, ten seconds a request. */
  public static final HttpAccess OPEN = new HttpAccess("", "", "", "", Duration.ofSeconds(10));

  /** What does not fit together or cannot be read, each beginning with the setting. */
  public List<String> problems() {
    var problems = new ArrayList<String>();
    if (username.isEmpty() != passwordFile.isEmpty()) {
      problems.add("USERNAME and PASSWORD_FILE go together: one of them is missing");
    }
    if (!username.isEmpty() && !bearerTokenFile.isEmpty()) {
      problems.add("BEARER_TOKEN_FILE and USERNAME are both set: expected one of them");
    }
    unreadable("PASSWORD_FILE", passwordFile, problems);
    unreadable("BEARER_TOKEN_FILE", bearerTokenFile, problems);
    unreadable("CA_FILE", caFile, problems);
    return problems;
  }

  private static void unreadable(String setting, String file, List<String> problems) {
    if (!file.isEmpty() && !Files.isReadable(Path.of(file))) {
      problems.add(setting + " is " + file + ", which cannot be read");
    }
  }

  HttpClient client() {
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(timeout);
    if (!caFile.isEmpty()) {
      builder.sslContext(trusting(Path.of(caFile)));
    }
    return builder.build();
  }

  /** With timeout and credentials. */
  HttpRequest.Builder authorised(HttpRequest.Builder request) {
    request.timeout(timeout);
    if (!username.isEmpty()) {
      String pair = username + ":" + secret(passwordFile);
      String encoded = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
      request.header("Authorization", "Basic " + encoded);
    } else if (!bearerTokenFile.isEmpty()) {
      request.header("Authorization", "Bearer " + secret(bearerTokenFile));
    }
    return request;
  }

  private static String secret(String file) {
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("secret in " + file + " cannot be read", e);
    }
  }

  private static SSLContext trusting(Path pem) {
    try (InputStream text = Files.newInputStream(pem)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (Certificate ca : CertificateFactory.getInstance("X.509").generateCertificates(text)) {
        trusted.setCertificateEntry("ca-" + trusted.size(), ca);
      }
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException("certificates in " + pem + " cannot be used: " + e, e);
    }
  }
}
