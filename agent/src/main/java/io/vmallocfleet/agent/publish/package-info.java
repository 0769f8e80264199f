/* SPDX-License-Identifier: Apache-2.0 */
/** Snapshots to Kafka: the only place in the agent that knows it. */
package io.vmallocfleet.agent.publish;
