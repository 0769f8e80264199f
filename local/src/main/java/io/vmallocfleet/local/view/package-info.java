/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a person sees of a running stack: records to a {@link
 * io.vmallocfleet.local.view.FleetState}, that to a {@link io.vmallocfleet.local.view.Screen} or to
 * plain lines.
 */
package io.vmallocfleet.local.view;
