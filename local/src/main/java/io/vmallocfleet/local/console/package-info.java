/* SPDX-License-Identifier: Apache-2.0 */
/** {@code vmalloc-fleet console}: the web console against a cluster. */
package io.vmallocfleet.local.console;
