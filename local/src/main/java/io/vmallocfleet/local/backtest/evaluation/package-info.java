/* SPDX-License-Identifier: Apache-2.0 */
/** What a backtest would have alerted, judged against labels, and the report of it. */
package io.vmallocfleet.local.backtest.evaluation;
