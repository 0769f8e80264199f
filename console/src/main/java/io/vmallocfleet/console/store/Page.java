/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import java.util.List;

/**
 * Part of a list.
 *
 * @param total rows that match, on all pages
 */
public record Page<T>(long total, int offset, List<T> rows) {}
