/* SPDX-License-Identifier: Apache-2.0 */
/** {@code vmalloc-fleet explain}: what one host's file means, for people and as JSON. */
package io.vmallocfleet.local.explain;
