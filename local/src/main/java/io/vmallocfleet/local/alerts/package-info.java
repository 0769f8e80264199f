/* SPDX-License-Identifier: Apache-2.0 */
/** What people do with alerts on the command line: read them from the topic, and write rules. */
package io.vmallocfleet.local.alerts;
