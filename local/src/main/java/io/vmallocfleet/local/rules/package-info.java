/* SPDX-License-Identifier: Apache-2.0 */
/** {@code vmalloc-fleet rules}: thresholds of findings, checked, shown and set. */
package io.vmallocfleet.local.rules;
