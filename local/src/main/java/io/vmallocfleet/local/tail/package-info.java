/* SPDX-License-Identifier: Apache-2.0 */
/** Records of one topic as lines, for people and for programs. */
package io.vmallocfleet.local.tail;
