/* SPDX-License-Identifier: Apache-2.0 */
/**
 * One simulated host: its address space as the kernel's allocator moves it, the callers of its role
 * and kernel with their noise, what a scenario does to it, and its snapshots.
 */
package io.vmallocfleet.local.simulation.host;
