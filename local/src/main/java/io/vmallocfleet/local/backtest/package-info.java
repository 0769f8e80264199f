/* SPDX-License-Identifier: Apache-2.0 */
/** Runs the real job over a recording and says what it would have found. */
package io.vmallocfleet.local.backtest;
