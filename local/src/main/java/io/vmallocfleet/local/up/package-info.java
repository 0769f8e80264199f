/* SPDX-License-Identifier: Apache-2.0 */
/** {@code ./vmalloc-fleet up}: everything in one process, on this host's own file. */
package io.vmallocfleet.local.up;
