/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

/**
 * A caller as it compares across hosts: normalised function and module. Written {@code function} or
 * {@code function [module]}, as the kernel does.
 */
public record CallerName(String function, String module) {
  /** Areas of {@code vm_map_ram}, for which the kernel records no caller. */
  static final CallerName VM_MAP_RAM = new CallerName("vm_map_ram", "");

  /** Other areas without a caller ({@code get_vm_area}). */
  static final CallerName NONE = new CallerName("(no caller)", "");

  /** Name of the areas for which the kernel records no caller. */
  public static CallerName ofNoCallSite(boolean vmMapRam) {
    return vmMapRam ? VM_MAP_RAM : NONE;
  }

  /** Reads what {@link #toString} wrote. */
  public static CallerName parse(String text) {
    int bracket = text.endsWith("]") ? text.lastIndexOf(" [") : -1;
    return bracket < 0
        ? new CallerName(text, "")
        : new CallerName(
            text.substring(0, bracket), text.substring(bracket + 2, text.length() - 1));
  }

  @Override
  public String toString() {
    return module.isEmpty() ? function : function + " [" + module + "]";
  }
}
