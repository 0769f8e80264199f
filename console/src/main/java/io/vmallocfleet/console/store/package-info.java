/* SPDX-License-Identifier: Apache-2.0 */
/** What the console knows, in bounded memory. Knows neither Kafka nor HTTP. */
package io.vmallocfleet.console.store;
