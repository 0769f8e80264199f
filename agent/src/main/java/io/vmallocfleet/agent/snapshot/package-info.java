/* SPDX-License-Identifier: Apache-2.0 */
/**
 * From parsed areas to the bytes of a snapshot: address order, windows, gaps, and no kernel address
 * left. Knows neither where the text came from nor where the bytes go.
 */
package io.vmallocfleet.agent.snapshot;
