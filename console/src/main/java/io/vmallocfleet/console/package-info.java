/* SPDX-License-Identifier: Apache-2.0 */
/** The web console: what the topics say about the fleet, in a browser. */
package io.vmallocfleet.console;
