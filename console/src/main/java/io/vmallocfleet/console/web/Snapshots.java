/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.web;

import io.vmallocfleet.schemas.VmallocSnapshot;
import java.util.Optional;

/** Where a host's snapshot is looked up. */
@FunctionalInterface
public interface Snapshots {
  Optional<VmallocSnapshot> find(String hostId, long takenAtMillis, long clockAheadMillis);
}
