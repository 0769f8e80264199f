/* SPDX-License-Identifier: Apache-2.0 */
/** Which Kafka a command talks to, and as whom. */
package io.vmallocfleet.local.kafka;
