/* SPDX-License-Identifier: Apache-2.0 */
/** Who this host is and what memory it has, from {@code /proc} and {@code /sys}. */
package io.vmallocfleet.agent.host;
