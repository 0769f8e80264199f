/* SPDX-License-Identifier: Apache-2.0 */
/** Questions to Flink's SQL gateway, over its REST interface. */
package io.vmallocfleet.console.sql;
