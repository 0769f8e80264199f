/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The snapshot record without Avro at run time, for the two places where it is hot: the agent,
 * which must stay small, and the fleet's decoder, which reads a million areas a second.
 *
 * <p>{@link io.vmallocfleet.schemas.snapshot.SnapshotWriter} and {@link
 * io.vmallocfleet.schemas.snapshot.SnapshotCursor} speak the bytes of {@code VmallocSnapshot.avsc};
 * a test holds them to what Avro itself reads and writes.
 */
package io.vmallocfleet.schemas.snapshot;
