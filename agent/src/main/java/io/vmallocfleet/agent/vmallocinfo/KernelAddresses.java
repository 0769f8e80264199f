/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

/** Kernel addresses in text that may leave the host: they are secrets, because they undo KASLR. */
public final class KernelAddresses {

  private static final int SHORTEST_ADDRESS = 8;

  private KernelAddresses() {}

  /**
   * The text with every run of eight or more hex digits replaced by as many {@code x}: {@code
   * 0xffffb3c1c0000000} becomes {@code 0xxxxxxxxxxxxxxxxx}. Long decimal numbers fall to it as
   * well: a run of digits does not say which it is.
   */
  public static String mask(String text) {
    StringBuilder masked = new StringBuilder(text);
    int run = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i < text.length() && isHexDigit(text.charAt(i))) {
        run++;
        continue;
      }
      if (run >= SHORTEST_ADDRESS) {
        masked.replace(i - run, i, "x".repeat(run));
      }
      run = 0;
    }
    return masked.toString();
  }

  private static boolean isHexDigit(char c) {
    return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
  }
}
