/* SPDX-License-Identifier: Apache-2.0 */
/** The last mile: alerts to Alertmanagers and webhooks, whatever state these are in. */
package io.vmallocfleet.pipeline.delivery;
