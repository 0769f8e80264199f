/* SPDX-License-Identifier: Apache-2.0 */
/** Kafka and Flink as the console sees them: topics in, rules out, how the jobs do. */
package io.vmallocfleet.console.feed;
