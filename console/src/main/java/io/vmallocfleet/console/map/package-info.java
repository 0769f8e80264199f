/* SPDX-License-Identifier: Apache-2.0 */
/** Address space of one host or file, as the browser draws it and as a kernel prints it. */
package io.vmallocfleet.console.map;
