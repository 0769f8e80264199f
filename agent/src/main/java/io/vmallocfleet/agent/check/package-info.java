/* SPDX-License-Identifier: Apache-2.0 */
/** {@code vmalloc-agent check}: what works here, what does not, and what to do about it. */
package io.vmallocfleet.agent.check;
