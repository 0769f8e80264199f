/* SPDX-License-Identifier: Apache-2.0 */
/** How the values of options are read, the same for every command. */
package io.vmallocfleet.local.options;
