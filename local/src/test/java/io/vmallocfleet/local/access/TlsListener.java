/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.access;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A port of 127.0.0.1 that shows its certificate to whoever comes, and has nothing else to say. */
public final class TlsListener implements AutoCloseable {
  private final SSLServerSocket socket;

  private TlsListener(SSLServerSocket socket) {
    this.socket = socket;
    var thread = new Thread(this::welcome, "tls-listener");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * @param key as {@link CertificateAuthority#issue} gives it
   */
  public static TlsListener open(Map<String, String> key)
      throws IOException, GeneralSecurityException {
    char[] password = key.get("ssl.keystore.password").toCharArray();
    KeyStore store = KeyStore.getInstance(key.get("ssl.keystore.type"));
    try (InputStream file = Files.newInputStream(Path.of(key.get("ssl.keystore.location")))) {
      store.load(file, password);
    }
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return new TlsListener(
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress()));
  }

  public String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void welcome() {
    while (!socket.isClosed()) {
      try (var client = (SSLSocket) socket.accept()) {
        client.startHandshake();
      } catch (IOException e) {
        // The client did not like the certificate, or the test is over.
      }
    }
  }
}
