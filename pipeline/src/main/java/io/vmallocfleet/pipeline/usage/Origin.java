/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

/** Where a record lies in Kafka, and when the broker took it (milliseconds since 1970). */
public record Origin(String topic, int partition, long offset, long appendedAtMillis) {}
