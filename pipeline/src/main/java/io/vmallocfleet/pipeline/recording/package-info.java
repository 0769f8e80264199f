/* SPDX-License-Identifier: Apache-2.0 */
/** Snapshots from a recording instead of Kafka: the same job, over what has been. */
package io.vmallocfleet.pipeline.recording;
