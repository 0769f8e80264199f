/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Command {@code simulate}: a fleet in made-up time, to a recording or a topic, with its labels.
 */
package io.vmallocfleet.local.simulate;
