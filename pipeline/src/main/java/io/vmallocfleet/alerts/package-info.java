/* SPDX-License-Identifier: Apache-2.0 */
/**
 * When a trouble becomes an alert, when it is over, and who has to know. Decides only: no clock, no
 * Flink, no network.
 */
package io.vmallocfleet.alerts;
