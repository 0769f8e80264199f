/* SPDX-License-Identifier: Apache-2.0 */
/** How every process of the product reads its settings. */
package io.vmallocfleet.settings;
