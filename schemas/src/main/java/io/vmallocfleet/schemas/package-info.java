/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The contract: generated Avro classes, the topics that carry them, and their codec. {@link
 * io.vmallocfleet.schemas.snapshot} writes and reads snapshots without them.
 */
package io.vmallocfleet.schemas;
