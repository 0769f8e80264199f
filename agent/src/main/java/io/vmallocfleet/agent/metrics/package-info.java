/* SPDX-License-Identifier: Apache-2.0 */
/** The agent's own figures for Prometheus, and its health; loaded only if a port is configured. */
package io.vmallocfleet.agent.metrics;
