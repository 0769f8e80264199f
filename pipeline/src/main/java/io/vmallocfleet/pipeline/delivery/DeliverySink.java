/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.delivery;

import java.net.http.HttpClient;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.base.sink.AsyncSinkBase;
import org.apache.flink.connector.base.sink.writer.BufferedRequestState;
import org.apache.flink.connector.base.sink.writer.config.AsyncSinkWriterConfiguration;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Notices to every destination, at least once. One sink for all of them, none included: so
 * destinations come and go without a change to the job's state.
 */
public final class DeliverySink extends AsyncSinkBase<Notice, Notice> {
  private static final int BUFFERED = 10_000;
  private static final int MAX_BATCH_BYTES = 16 << 20;
  private static final int MAX_RECORD_BYTES = 8 << 20;
  private static final int MAX_WAIT_MILLIS = 100;

  private final DeliverySettings settings;

  public DeliverySink(DeliverySettings settings) {
    super(
        (notice, context) -> notice,
        DeliveryWriter.BATCH,
        1,
        BUFFERED,
        MAX_BATCH_BYTES,
        MAX_WAIT_MILLIS,
        MAX_RECORD_BYTES);
    this.settings = settings;
  }

  @Override
  public StatefulSinkWriter<Notice, BufferedRequestState<Notice>> createWriter(
      WriterInitContext context) {
    return restoreWriter(context, List.of());
  }

  @Override
  public StatefulSinkWriter<Notice, BufferedRequestState<Notice>> restoreWriter(
      WriterInitContext context, Collection<BufferedRequestState<Notice>> waiting) {
    var configuration =
        AsyncSinkWriterConfiguration.builder()
            .setMaxBatchSize(getMaxBatchSize())
            .setMaxBatchSizeInBytes(getMaxBatchSizeInBytes())
            .setMaxInFlightRequests(getMaxInFlightRequests())
            .setMaxBufferedRequests(getMaxBufferedRequests())
            .setMaxTimeInBufferMS(getMaxTimeInBufferMS())
            .setMaxRecordSizeInBytes(getMaxRecordSizeInBytes())
            .build();
    return new DeliveryWriter(context, configuration, waiting, destinations(context));
  }

  private List<Destination> destinations(WriterInitContext context) {
    HttpClient client = settings.access().client();
    var rejected = context.metricGroup().counter("rejectedRequests");
    var destinations = new ArrayList<Destination>();
    settings
        .alertmanagers()
        .forEach(
            peer ->
                destinations.add(
                    new Alertmanager(
                        peer,
                        new HttpJson(client, settings.access(), rejected),
                        settings,
                        Clock.systemUTC())));
    settings
        .webhooks()
        .forEach(
            address ->
                destinations.add(
                    new Webhook(
                        address, new HttpJson(client, settings.access(), rejected), settings)));
    return destinations;
  }

  @Override
  public SimpleVersionedSerializer<BufferedRequestState<Notice>> getWriterStateSerializer() {
    return new NoticeState();
  }
}
