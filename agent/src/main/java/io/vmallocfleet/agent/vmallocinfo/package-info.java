/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Text of {@code /proc/vmallocinfo} to areas: {@link
 * io.vmallocfleet.agent.vmallocinfo.VmallocinfoReader} holds the file open, {@link
 * io.vmallocfleet.agent.vmallocinfo.VmallocinfoParser} turns its bytes into the columns of an
 * {@link io.vmallocfleet.agent.vmallocinfo.AreaTable}. Knows neither Avro nor Kafka, needs only the
 * JDK.
 *
 * <p>Source of the format: {@code s_show} in {@code mm/vmalloc.c}, Linux 2.6.26 to 6.18.
 */
package io.vmallocfleet.agent.vmallocinfo;
