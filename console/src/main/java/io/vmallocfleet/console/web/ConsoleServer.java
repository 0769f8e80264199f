/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.json.JavalinJackson;
import io.vmallocfleet.callers.CallerKnowledge;
import io.vmallocfleet.console.ConsoleSettings;
import io.vmallocfleet.console.feed.FeedStatus;
import io.vmallocfleet.console.feed.PipelineProbe;
import io.vmallocfleet.console.feed.RuleWriter;
import io.vmallocfleet.console.sql.SqlQuestions;
import io.vmallocfleet.console.store.FleetStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Pages and API over HTTP. A page is one HTML file and the modules it loads, all from here; every
 * number comes from the API, which {@code openapi.yaml} describes.
 */
public final class ConsoleServer implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ConsoleServer.class.getName());

  /** Nothing from elsewhere, nothing inline: markup in a hostname has nothing to run. */
  private static final String CONTENT_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

  /** Paths that are pages: the browser's own router shows what they name. */
  static final List<String> PAGES =
      List.of(
          "/",
          "/hosts",
          "/hosts/{id}",
          "/callers",
          "/caller",
          "/alerts",
          "/alerts/{fingerprint}",
          "/explain",
          "/sql",
          "/pipeline");

  private final ConsoleSettings settings;
  private final Javalin javalin;
  private final LiveEvents live;

  public ConsoleServer(
      ConsoleSettings settings,
      FleetStore store,
      CallerKnowledge knowledge,
      Supplier<FeedStatus> feed,
      Snapshots snapshots,
      RuleWriter rules,
      PipelineProbe probe,
      Optional<SqlQuestions> questions,
      Clock clock) {
    this.settings = settings;
    this.live = new LiveEvents(store, feed, clock);
    var access = new Access(settings);
    var assets = new Assets();
    var fleet = new FleetApi(store, feed, knowledge);
    var hosts = new HostApi(store, knowledge, snapshots);
    var alerts = new AlertApi(store, rules, access, clock);
    var explain = new ExplainApi(knowledge);
    var pipeline = new PipelineApi(store, feed, probe);
    var sql = new SqlApi(questions, access);
    var session = new SessionApi(settings, access);
    this.javalin =
        Javalin.create(
            config -> {
              basics(config);
              config.routes.before(ctx -> headers(ctx));
              config.routes.before(access::check);
              config.routes.before(
                  "/api/*",
                  ctx -> {
                    ctx.header("Cache-Control", "no-store");
                    if (!ctx.path().equals("/api/session")) {
                      access.checkSignedIn(ctx);
                    }
                  });
              PAGES.forEach(path -> config.routes.get(path, assets::page));
              config.routes.get("/favicon.ico", ctx -> assets.serve(ctx, "assets/icon.svg"));
              config.routes.get("/assets/*", ctx -> assets.serve(ctx, ctx.path().substring(1)));
              config.routes.get("/openapi.yaml", ctx -> assets.serve(ctx, "openapi.yaml"));
              config.routes.sse("/api/events", live::add);
              session.routes(config.routes);
              fleet.routes(config.routes);
              hosts.routes(config.routes);
              alerts.routes(config.routes);
              explain.routes(config.routes);
              pipeline.routes(config.routes);
              sql.routes(config.routes);
              errors(config, assets);
            });
  }

  private static void basics(JavalinConfig config) {
    ObjectMapper mapper = Json.mapper();
    config.startup.showJavalinBanner = false;
    config.startup.startupWatcherEnabled = false;
    config.jsonMapper(new JavalinJackson(mapper, false));
    config.http.maxRequestSize = ExplainApi.MOST_BYTES;
    config.http.prefer405over404 = true;
    var threads = new QueuedThreadPool(64, 4);
    threads.setName("console-http");
    threads.setDaemon(true);
    config.jetty.threadPool = threads;
    config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
  }

  private static void headers(Context ctx) {
    ctx.header("Content-Security-Policy", CONTENT_POLICY);
    ctx.header("X-Content-Type-Options", "nosniff");
    ctx.header("Referrer-Policy", "no-referrer");
    ctx.header("Cross-Origin-Opener-Policy", "same-origin");
    ctx.header("Cross-Origin-Resource-Policy", "same-origin");
  }

  private static void errors(JavalinConfig config, Assets assets) {
    config.routes.exception(
        HttpResponseException.class,
        (e, ctx) -> {
          boolean person = !ctx.path().startsWith("/api/") && e.getStatus() == 404;
          ctx.status(e.getStatus());
          if (person && "GET".equals(ctx.req().getMethod())) {
            assets.page(ctx);
          } else {
            ctx.json(Map.of("error", String.valueOf(e.getMessage())));
          }
        });
    config.routes.exception(
        Exception.class,
        (e, ctx) -> {
          LOG.log(Level.ERROR, ctx.req().getMethod() + " " + ctx.path(), e);
          ctx.status(HttpStatus.INTERNAL_SERVER_ERROR);
          ctx.json(Map.of("error", "the console failed at this; its log says why"));
        });
  }

  /**
   * Begins to listen.
   *
   * @throws IllegalStateException if the address cannot be had
   */
  public void start() {
    try {
      javalin.start(settings.bind(), settings.port());
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "the console cannot listen on %s port %d: %s"
              .formatted(settings.bind(), settings.port(), e.getMessage()),
          e);
    }
  }

  /** What it answers, as {@code GET /api/fleet}. */
  List<String> routes() {
    return javalin.unsafe.internalRouter.allHttpHandlers().stream()
        .map(handler -> handler.endpoint)
        .filter(endpoint -> endpoint.method.isHttpMethod())
        .map(endpoint -> endpoint.method + " " + endpoint.path)
        .toList();
  }

  public URI url() {
    String host = settings.bind().contains(":") ? "[" + settings.bind() + "]" : settings.bind();
    return URI.create("http://" + host + ":" + javalin.port());
  }

  @Override
  public void close() {
    live.close();
    javalin.stop();
  }
}
