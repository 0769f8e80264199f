/* SPDX-License-Identifier: Apache-2.0 */
/** What a fleet needs of Kafka and Flink, from what {@code bench} measures. */
package io.vmallocfleet.local.size;
