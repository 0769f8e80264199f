/* SPDX-License-Identifier: Apache-2.0 */
/** From a snapshot's bytes to what a host uses, per snapshot and per window. */
package io.vmallocfleet.pipeline.usage;
