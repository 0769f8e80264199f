/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.records;

/** A caller as records name it; the module is empty for the kernel itself. */
public record CallerName(String function, String module) {
  /** {@code fh_ioremap[isp]}: one word, for lines that are split at blanks. */
  public String word() {
    return Printable.word(module.isEmpty() ? function : function + "[" + module + "]");
  }

  /** {@code fh_ioremap [isp]}, as the kernel writes it. */
  @Override
  public String toString() {
    return Printable.line(module.isEmpty() ? function : function + " [" + module + "]");
  }
}
