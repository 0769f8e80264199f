/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.callers;

/**
 * What is known about one caller. Of a caller the table does not know, all is {@code unknown}, and
 * {@link #purpose} passes on the module's name as a hint.
 *
 * @param function normalised: without offset, compiler suffix and module
 * @param module kernel module it was printed with; empty for the kernel itself
 * @param known whether the table has a line for it
 * @param subsystem who owns the code
 * @param purpose what one area holds
 * @param growth what the number of areas follows
 * @param growthUsuallyMeans what to suspect when the number keeps growing
 */
public record CallerMeaning(
    String function,
    String module,
    boolean known,
    CallerFamily family,
    String subsystem,
    String purpose,
    String growth,
    String growthUsuallyMeans) {

  static CallerMeaning unknown(String function, String module, CallerFamily family) {
    String hint =
        module.isEmpty()
            ? "unknown"
            : "unknown; it belongs to the module %s, which \"modinfo %s\" describes"
                .formatted(module, module);
    return new CallerMeaning(
        function, module, false, family, "unknown", hint, "unknown", "unknown");
  }

  CallerMeaning in(String otherModule) {
    return new CallerMeaning(
        function, otherModule, known, family, subsystem, purpose, growth, growthUsuallyMeans);
  }
}
