/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.web;

import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.SameSite;
import io.javalin.http.UnauthorizedResponse;
import io.vmallocfleet.console.ConsoleSettings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who may look and who may change. A page of another site that runs in the same browser may do
 * neither: it cannot name this host (DNS rebinding), has no cookie of ours, and cannot send our
 * header.
 */
final class Access {
  static final String CSRF_HEADER = "X-Console-Csrf";
  static final String SESSION_COOKIE = "vmalloc-console";
  private static final String PROXY_USER = "X-Forwarded-User";
  private static final int MOST_SESSIONS = 10_000;

  private final ConsoleSettings settings;
  private final SecureRandom random = new SecureRandom();

  /** A page learns it from {@code /api/session}, which another site cannot read. */
  private final String csrf = word();

  private final Map<String, Boolean> sessions =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > MOST_SESSIONS;
        }
      };

  Access(ConsoleSettings settings) {
    this.settings = settings;
  }

  String csrf() {
    return csrf;
  }

  boolean needsToken() {
    return settings.token().isPresent();
  }

  /** Refuses requests that may not even see a page. */
  void check(Context ctx) {
    if (settings.trustedProxy().isPresent()) {
      if (!settings.trustedProxy().get().equals(ctx.ip())) {
        throw new ForbiddenResponse("only the proxy may ask this console");
      }
      return;
    }
    if (settings.loopback() && !isOurName(ctx.host())) {
      throw new ForbiddenResponse(
          "this console answers to localhost only; asked for as " + ctx.host());
    }
  }

  /** Refuses those who have not shown the token. */
  void checkSignedIn(Context ctx) {
    if (!isSignedIn(ctx)) {
      throw new UnauthorizedResponse("sign in with the token of this console");
    }
  }

  boolean isSignedIn(Context ctx) {
    if (settings.token().isEmpty()) {
      return true;
    }
    String bearer = ctx.header("Authorization");
    if (bearer != null && bearer.startsWith("Bearer ")) {
      return isToken(bearer.substring("Bearer ".length()));
    }
    String cookie = ctx.cookie(SESSION_COOKIE);
    synchronized (sessions) {
      return cookie != null && sessions.containsKey(cookie);
    }
  }

  /** Begins a session if that is the token. */
  boolean signIn(Context ctx, String token) {
    if (settings.token().isEmpty() || !isToken(token)) {
      return false;
    }
    String session = word();
    synchronized (sessions) {
      sessions.put(session, true);
    }
    var cookie = new Cookie(SESSION_COOKIE, session);
    cookie.setHttpOnly(true);
    cookie.setPath("/");
    cookie.setSameSite(SameSite.STRICT);
    cookie.setSecure("https".equals(ctx.header("X-Forwarded-Proto")));
    ctx.cookie(cookie);
    return true;
  }

  /** Refuses changes that a page of ours did not ask for. */
  void checkChange(Context ctx) {
    checkSignedIn(ctx);
    String site = ctx.header("Sec-Fetch-Site");
    if (site != null && !Set.of("same-origin", "none").contains(site)) {
      throw new ForbiddenResponse("a page of another site asked for this change");
    }
    String bearer = ctx.header("Authorization");
    boolean program = bearer != null && bearer.startsWith("Bearer ");
    if (!program && !same(csrf, String.valueOf(ctx.header(CSRF_HEADER)))) {
      throw new ForbiddenResponse("the page is out of date: load it again, then repeat the change");
    }
  }

  /** Who asks, where a proxy says so. */
  Optional<String> user(Context ctx) {
    return settings.trustedProxy().isPresent()
        ? Optional.ofNullable(ctx.header(PROXY_USER)).filter(user -> !user.isBlank())
        : Optional.empty();
  }

  private static boolean isOurName(String host) {
    if (host == null) {
      return false;
    }
    String name =
        host.startsWith("[") ? host.replaceFirst("].*", "]") : host.replaceFirst(":.*", "");
    return Set.of("localhost", "127.0.0.1", "[::1]").contains(name);
  }

  private boolean isToken(String given) {
    return same(settings.token().orElseThrow(), given);
  }

  /** In a time that does not tell how much was right. */
  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private String word() {
    byte[] bytes = new byte[24];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
