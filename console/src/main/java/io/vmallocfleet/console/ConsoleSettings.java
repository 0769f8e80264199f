/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console;

import io.vmallocfleet.console.feed.KafkaConnection;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * How a console runs.
 *
 * @param bind address to listen on
 * @param port 0 takes a free one
 * @param token what a browser or program must know; empty for none, which only a loopback address
 *     allows
 * @param trustedProxy address of a proxy that has signed people in and names them in {@code
 *     X-Forwarded-User}; requests from elsewhere are refused
 * @param flink Flink's REST address, for the state of the jobs
 * @param sqlGateway REST address of Flink's SQL gateway
 */
public record ConsoleSettings(
    KafkaConnection kafka,
    String bind,
    int port,
    Optional<String> token,
    Optional<String> trustedProxy,
    Optional<URI> flink,
    Optional<URI> sqlGateway) {
  private static final int LEAST_TOKEN = 16;

  /**
   * @throws IllegalArgumentException with what to do, if it would be open to the network or cannot
   *     be
   */
  public ConsoleSettings {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port is " + port + ": expected 0 to 65535");
    }
    if (token.isPresent() && token.get().length() < LEAST_TOKEN) {
      throw new IllegalArgumentException(
          "the token has %d characters: expected %d or more, such as from \"openssl rand -hex 24\""
              .formatted(token.get().length(), LEAST_TOKEN));
    }
    if (!isLoopback(bind) && token.isEmpty() && trustedProxy.isEmpty()) {
      throw new IllegalArgumentException(
          "bind is %s, which others reach: give --token-file FILE, or --trusted-proxy ADDRESS of a proxy that signs people in, or bind to 127.0.0.1"
              .formatted(bind));
    }
  }

  /** Whether only this machine reaches the address. */
  static boolean isLoopback(String bind) {
    try {
      return InetAddress.getByName(bind).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("bind is \"" + bind + "\": no address of this machine", e);
    }
  }

  public boolean loopback() {
    return isLoopback(bind);
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "ConsoleSettings[kafka=%s, bind=%s, port=%d, token=%s, trustedProxy=%s]"
        .formatted(kafka.bootstrap(), bind, port, token.isPresent() ? "set" : "none", trustedProxy);
  }
}
