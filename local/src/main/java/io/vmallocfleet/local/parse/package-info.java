/* SPDX-License-Identifier: Apache-2.0 */
/** {@code vmalloc-fleet parse}: a file's rows for scripts, and how commands are given a file. */
package io.vmallocfleet.local.parse;
