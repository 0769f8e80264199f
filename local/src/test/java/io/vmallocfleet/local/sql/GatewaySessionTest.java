/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.sql;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import io.vmallocfleet.local.stack.StackException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GatewaySessionTest {
  private static final byte[] SESSION =
      "{\"sessionHandle\": \"s\"}".getBytes(StandardCharsets.UTF_8);

  @Test
  void says_that_no_gateway_answers_and_where() throws Exception {
    HttpServer gateway = gateway();
    URI address = address(gateway);
    gateway.stop(0);

    assertThatExceptionOfType(StackException.class)
        .isThrownBy(() -> new GatewaySession(address, Map.of()))
        .withMessage(
            "no SQL gateway answers at %s (nobody listens): is it running?".formatted(address));
  }

  @Test
  void says_that_the_gateway_went_away_when_it_had_answered() throws Exception {
    HttpServer gateway = gateway();
    URI address = address(gateway);
    var session = new GatewaySession(address, Map.of());
    gateway.stop(0);

    assertThatExceptionOfType(StackException.class)
        .isThrownBy(
            () ->
                session.run(
                    "SELECT 1",
                    ResultFormat.TABLE.receiver(new PrintWriter(Writer.nullWriter()), false)))
        .withMessageStartingWith("the SQL gateway at %s went away (".formatted(address))
        .withMessageEndingWith("), and what it ran with it: ask again once it is back");
  }

  private static HttpServer gateway() throws Exception {
    HttpServer gateway =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    gateway.createContext(
        "/v3/sessions",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, SESSION.length);
            exchange.getResponseBody().write(SESSION);
          }
        });
    gateway.start();
    return gateway;
  }

  private static URI address(HttpServer gateway) {
    return URI.create("http://127.0.0.1:" + gateway.getAddress().getPort());
  }
}
