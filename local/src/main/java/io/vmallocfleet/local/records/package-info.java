/* SPDX-License-Identifier: Apache-2.0 */
/** Following the fleet's topics, and the words for what stands in their records. */
package io.vmallocfleet.local.records;
