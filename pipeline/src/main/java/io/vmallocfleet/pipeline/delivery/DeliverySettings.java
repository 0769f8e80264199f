/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.delivery;

import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * Where alerts go, and what they point to.
 *
 * @param alertmanagers base address of every peer; each is sent everything, as their high
 *     availability needs
 * @param webhooks each is sent changes as JSON, see docs/alert-webhook.schema.json
 * @param expiry how long an Alertmanager keeps an alert firing that it hears no more of
 * @param runbookUrl where the runbooks lie, without a slash at the end
 * @param consoleUrl base address of what an alert links to; empty for none
 */
public record DeliverySettings(
    List<URI> alertmanagers,
    List<URI> webhooks,
    HttpAccess access,
    Duration expiry,
    String runbookUrl,
    String consoleUrl)
    implements Serializable {

  public static final String RUNBOOKS =
      "https://github.com/vmalloc-fleet/vmalloc-fleet/blob/main/docs/runbooks";

  public DeliverySettings {
    alertmanagers = List.copyOf(alertmanagers);
    webhooks = List.copyOf(webhooks);
  }

  /** To nobody. */
  public static DeliverySettings none() {
    return new DeliverySettings(
        List.of(), List.of(), HttpAccess.OPEN, Duration.ofMinutes(15), RUNBOOKS, "");
  }

  /**
   * @throws IllegalArgumentException if it is no address to send to, or carries a password
   */
  public static URI address(String text) {
    URI address = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    if (address.getHost() == null
        || !("http".equals(address.getScheme()) || "https".equals(address.getScheme()))) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no address: expected one such as http://alertmanager:9093");
    }
    if (address.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "the address of " + address.getHost() + " holds credentials: give them by file instead");
    }
    return address;
  }
}
