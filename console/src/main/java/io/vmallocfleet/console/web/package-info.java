/* SPDX-License-Identifier: Apache-2.0 */
/** Pages and API over HTTP: access, routes, files, live events. */
package io.vmallocfleet.console.web;
