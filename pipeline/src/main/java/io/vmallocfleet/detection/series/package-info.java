/* SPDX-License-Identifier: Apache-2.0 */
/** How surprising each point of one series of numbers is, given the points before it. */
package io.vmallocfleet.detection.series;
