/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Snapshots in Avro container files, for incidents and for tests: any Avro tool reads them. The
 * only place in the agent that loads Avro.
 */
package io.vmallocfleet.agent.recording;
