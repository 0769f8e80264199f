/* SPDX-License-Identifier: Apache-2.0 */
/** The ends of the jobs: Kafka sources, event time, sinks, built from the configuration. */
package io.vmallocfleet.pipeline.kafka;
