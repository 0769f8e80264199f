/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What one host's file means, in words: who holds the address space and what for, why there is a
 * hole between two areas, what the windows look like. Works on parsed areas, reads and writes
 * nothing, and says nothing that the way the file shows its addresses cannot support.
 */
package io.vmallocfleet.agent.explain;
