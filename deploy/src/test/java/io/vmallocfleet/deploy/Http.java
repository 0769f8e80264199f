/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.deploy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** What a part of the stack serves. */
final class Http {
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private Http() {}

  /** The body; empty while nobody answers. */
  static String get(String url) {
    return send(HttpRequest.newBuilder(URI.create(url)));
  }

  /** The answer to a JSON document; empty when nobody answers. */
  static String post(String url, String json) {
    return send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  private static String send(HttpRequest.Builder request) {
    try {
      return CLIENT.send(request.timeout(ANSWER_WITHIN).build(), BodyHandlers.ofString()).body();
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
