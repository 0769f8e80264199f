/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.delivery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.SingleObject;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.annotation.Nullable;

/**
 * Any program that takes JSON, as docs/alert-webhook.schema.json describes it. It is told of
 * changes only, at least once: {@code fingerprint} and {@code updated_at} together tell one from
 * another.
 */
final class Webhook implements Destination {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final URI address;
  private final HttpJson http;
  private final Annotations annotations;
  private final SingleObject<Alert> alerts = new SingleObject<>(Alert.class);

  Webhook(URI address, HttpJson http, DeliverySettings settings) {
    this.address = address;
    this.http = http;
    this.annotations = new Annotations(settings);
  }

  /** Without the path, which holds a secret with some of them. */
  @Override
  public String name() {
    return "webhook %s %x".formatted(address.getHost(), address.hashCode());
  }

  @Override
  public boolean wants(Notice notice) {
    return notice.about() == Notice.About.ALERT && !notice.repeated();
  }

  @Override
  public CompletableFuture<Void> tell(List<Notice> notices) {
    ObjectNode body = JSON.objectNode().put("version", 1);
    ArrayNode changes = body.putArray("alerts");
    for (Notice notice : notices) {
      changes.add(change(notice.alert(alerts)));
    }
    return http.post(address, body).thenAccept(answer -> {});
  }

  private ObjectNode change(Alert alert) {
    ObjectNode json =
        JSON.objectNode()
            .put("fingerprint", alert.getFingerprint())
            .put("state", alert.getState().name())
            .put("severity", alert.getSeverity().name())
            .put("flapping", alert.getFlapping())
            .put("owner", alert.getOwner())
            .put("escalation", alert.getEscalation())
            .put("updated_at", alert.getUpdatedAt().toString())
            .put("firing_since", text(alert.getFiringSince()))
            .put("resolved_at", text(alert.getResolvedAt()))
            .put("hosts", alert.getFinding().getHosts())
            .put("link", annotations.link(alert));
    alert.getLabels().forEach(json.putObject("labels")::put);
    annotations.of(alert).forEach(json.putObject("annotations")::put);
    return json;
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }
}
