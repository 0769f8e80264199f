/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.callers;

/**
 * What areas are for, whatever function they are charged to: inlining and kernel releases move one
 * purpose from name to name, so figures of a family compare where those of a function do not.
 *
 * <pre>tty | T | Terminals | one per open terminal | Line buffer of an open terminal ...</pre>
 *
 * @param slug stable name for machines, such as {@code kernel-stacks}
 * @param mark the family in a drawn map, unique
 * @param label name for people
 * @param growth what the number of areas follows
 * @param meaning what it is
 * @param growing what it means when the number keeps growing
 */
public record CallerFamily(
    String slug, char mark, String label, String growth, String meaning, String growing) {

  /** Family of the functions nobody has described yet. */
  public static final String UNKNOWN = "unknown";

  /** Family of address space that is freed and not yet purged. */
  public static final String UNPURGED = "unpurged";
}
