/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.callers;

/** What one caller holds on one host: areas, and memory in bytes. */
public record HostShare(String hostId, String hostname, long bytes, long areas) {}
