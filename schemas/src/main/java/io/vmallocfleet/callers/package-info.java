/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What is known about the functions that allocate vmalloc areas: their purpose, how their areas
 * grow, and what it means when they keep growing. The knowledge is in two tables beside the
 * classes, {@code callers.tsv} and {@code families.tsv}. Needs only the JDK.
 */
package io.vmallocfleet.callers;
