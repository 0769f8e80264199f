/* SPDX-License-Identifier: Apache-2.0 */
/** Functions for use in queries. NULL in, NULL out. */
package io.vmallocfleet.sql.functions;
