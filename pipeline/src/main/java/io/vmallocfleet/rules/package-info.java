/* SPDX-License-Identifier: Apache-2.0 */
/** What people may set while the detectors run: a YAML document of thresholds. */
package io.vmallocfleet.rules;
