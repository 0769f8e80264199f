/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.flink.metrics.Counter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JSON over HTTP. A request that the other side will never take is counted, logged with its answer,
 * and counts as done; any other that does not succeed fails and has to be tried again.
 */
final class HttpJson {
  private static final Logger LOG = LoggerFactory.getLogger(HttpJson.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Bad request, payload too large, unprocessable. */
  private static final Set<Integer> NEVER = Set.of(400, 413, 422);

  private final HttpClient client;
  private final HttpAccess access;
  private final Counter rejected;

  HttpJson(HttpClient client, HttpAccess access, Counter rejected) {
    this.client = client;
    this.access = access;
    this.rejected = rejected;
  }

  /** The answer's JSON; null where it has none. */
  CompletableFuture<JsonNode> post(URI address, JsonNode body) {
    return send(
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())));
  }

  CompletableFuture<JsonNode> get(URI address) {
    return send(HttpRequest.newBuilder(address).GET());
  }

  CompletableFuture<JsonNode> delete(URI address) {
    return send(HttpRequest.newBuilder(address).DELETE());
  }

  private CompletableFuture<JsonNode> send(HttpRequest.Builder builder) {
    HttpRequest request = access.authorised(builder).build();
    return client
        .sendAsync(request, BodyHandlers.ofString())
        .thenApply(response -> read(request, response));
  }

  private JsonNode read(HttpRequest request, HttpResponse<String> response) {
    int status = response.statusCode();
    String told =
        "%s %s answers %d: %s"
            .formatted(request.method(), request.uri(), status, shortened(response.body()));
    if (NEVER.contains(status)) {
      rejected.inc();
      LOG.error("{}; not tried again", told);
      return JSON.nullNode();
    }
    if (status / 100 != 2) {
      throw new CompletionException(new IOException(told));
    }
    try {
      return response.body().isBlank() ? JSON.nullNode() : JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      return JSON.nullNode(); // a webhook may answer as it likes
    }
  }

  private static String shortened(String body) {
    String line = body.strip().replaceAll("\\s+", " ");
    return line.length() > 300 ? line.substring(0, 300) : line;
  }
}
