/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Snapshots between the moment they are taken and the broker's acknowledgement: on disk, bounded,
 * oldest dropped first. Knows neither Kafka nor what is in a snapshot.
 */
package io.vmallocfleet.agent.spool;
