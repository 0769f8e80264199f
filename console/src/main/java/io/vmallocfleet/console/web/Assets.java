/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.web;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.http.NotFoundResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The files a browser loads, all from our own jars and all read at the start: what is not in the
 * list cannot be asked for.
 */
final class Assets {
  private static final String OURS = "/io/vmallocfleet/console/web/";
  private static final String CHARTS = "/META-INF/resources/webjars/uplot/";
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "yaml", "application/yaml; charset=utf-8");

  private final Map<String, Asset> assets = new HashMap<>();

  private record Asset(byte[] bytes, String type, String etag) {}

  Assets() {
    for (String name : lines(OURS + "files.list")) {
      add(name, OURS + name);
    }
    String charts = CHARTS + version() + "/dist/";
    add("assets/uplot/uPlot.esm.js", charts + "uPlot.esm.js");
    add("assets/uplot/uPlot.min.css", charts + "uPlot.min.css");
  }

  void page(Context ctx) {
    serve(ctx, "index.html");
  }

  /**
   * @param name path below the root, without the first slash
   */
  void serve(Context ctx, String name) {
    Asset asset = assets.get(name);
    if (asset == null) {
      throw new NotFoundResponse("no such file");
    }
    ctx.header("ETag", asset.etag());
    // Asked again each time and mostly answered with 304: a new release shows at once.
    ctx.header("Cache-Control", "no-cache");
    if (asset.etag().equals(ctx.header("If-None-Match"))) {
      ctx.status(HttpStatus.NOT_MODIFIED);
      return;
    }
    ctx.contentType(asset.type()).result(asset.bytes());
  }

  private void add(String name, String resource) {
    byte[] bytes = read(resource);
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    assets.put(name, new Asset(bytes, type, '"' + hash(bytes) + '"'));
  }

  private static String version() {
    return lines("/META-INF/maven/org.webjars.npm/uplot/pom.properties").stream()
        .filter(line -> line.startsWith("version="))
        .map(line -> line.substring("version=".length()))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> lines(String resource) {
    return new String(read(resource), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .toList();
  }

  private static byte[] read(String resource) {
    try (InputStream in = Assets.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is not in our jars");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
  }

  private static String hash(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
