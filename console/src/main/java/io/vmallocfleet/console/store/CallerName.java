/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

/**
 * A caller as it compares across kernel builds.
 *
 * @param module empty for the kernel itself
 */
public record CallerName(String function, String module) {
  /** As the kernel prints it: {@code vmw_fb_init [vmwgfx]}. */
  @Override
  public String toString() {
    return module.isEmpty() ? function : function + " [" + module + "]";
  }
}
