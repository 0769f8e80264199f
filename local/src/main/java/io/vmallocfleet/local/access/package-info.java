/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Who may do what on a Kafka that asks: users of least privilege, one for each part of the product.
 */
package io.vmallocfleet.local.access;
