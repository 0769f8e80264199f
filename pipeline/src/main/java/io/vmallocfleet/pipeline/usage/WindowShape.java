/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import io.vmallocfleet.fragmentation.AddressSpaceShape;
import io.vmallocfleet.schemas.snapshot.Region;

/** Shape of one window of a host's kernel address space; percpu counts to vmalloc's. */
public record WindowShape(Region window, AddressSpaceShape shape) {}
