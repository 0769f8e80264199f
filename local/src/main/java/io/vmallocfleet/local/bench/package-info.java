/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The end-to-end benchmark: a filled topic, a broker in a process of its own, and jobs that read
 * it, each in a JVM of its own so that none runs on code compiled for another.
 */
package io.vmallocfleet.local.bench;
