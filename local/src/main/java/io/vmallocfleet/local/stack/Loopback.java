/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;

/** The only interface the stack listens on. */
public final class Loopback {
  /**
   * Written out: {@code localhost} may be {@code ::1} for one side and {@code 127.0.0.1} for the
   * other.
   */
  public static final String ADDRESS = "127.0.0.1";

  private Loopback() {}

  /**
   * A listening socket on {@code port}, or on a free one when it is 0.
   *
   * @throws StackException when the port is taken or may not be used; {@code what} names who wanted
   *     it
   */
  public static ServerSocketChannel listen(int port, String what) {
    try {
      ServerSocketChannel channel = ServerSocketChannel.open();
      try {
        channel.bind(new InetSocketAddress(InetAddress.getByName(ADDRESS), port));
        return channel;
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new StackException(
          "%s cannot listen on %s:%d (%s): end the program that holds the port, or give another one"
              .formatted(what, ADDRESS, port, e.getMessage()),
          e);
    }
  }

  public static int port(ServerSocketChannel channel) {
    return channel.socket().getLocalPort();
  }
}
