/* SPDX-License-Identifier: Apache-2.0 */
/** How the jobs come onto a cluster, and back after it was gone. */
package io.vmallocfleet.pipeline.deploy;
