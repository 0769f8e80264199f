/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation;

import java.util.Locale;

/** What a simulated host can be made to do wrong. */
public enum Misbehaviour {
  /** BPF hash maps of 1 MiB, two a second, never freed. */
  LEAK("htab_map_alloc"),
  /** One hash table of 160 MiB, after {@link SimulatedHost#JUMP_AFTER}. */
  JUMP("bucket_table_alloc");

  private final String caller;

  Misbehaviour(String caller) {
    this.caller = caller;
  }

  /** As typed on a command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The kernel function that will hold the memory. */
  public String caller() {
    return caller;
  }
}
