/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.browser;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How long after a click on a link each page of a console can be used, in a real Chromium: from the
 * start of the navigation until its own requests are answered and shown. {@code benchmarks/console}
 * runs it.
 *
 * <pre>java -cp ... io.vmallocfleet.local.browser.PageSpeed http://127.0.0.1:8090 /hosts/ID ...
 * </pre>
 */
final class PageSpeed {
  private static final int LOADS = 9;
  private static final int MOST_MILLIS = 1_500;
  private static final List<String> PAGES =
      List.of("/", "/hosts", "/callers", "/alerts", "/explain", "/sql", "/pipeline");

  private PageSpeed() {}

  public static void main(String[] arguments) throws Exception {
    Path profile = Files.createTempDirectory("page-speed");
    boolean slow = false;
    try (Browser browser = Browser.open(URI.create(arguments[0]), profile)) {
      System.out.printf("%-52s %9s %9s%n", "page", "median ms", "worst ms");
      for (String page : PAGES) {
        slow |= measure(browser, page) > MOST_MILLIS;
      }
      for (String page : Arrays.asList(arguments).subList(1, arguments.length)) {
        slow |= measure(browser, page) > MOST_MILLIS;
      }
    }
    System.out.printf(
        "every page %s within %d ms%n", slow ? "is NOT usable" : "is usable", MOST_MILLIS);
  }

  /** The median of some loads, the first of them with an empty cache. */
  private static double measure(Browser browser, String page) {
    double[] millis = new double[LOADS];
    for (int i = 0; i < LOADS; i++) {
      browser.go(page);
      millis[i] = ((Number) browser.script("return performance.now()")).doubleValue();
    }
    Arrays.sort(millis);
    System.out.printf(
        Locale.ROOT, "%-52s %9.0f %9.0f%n", page, millis[LOADS / 2], millis[LOADS - 1]);
    return millis[LOADS / 2];
  }
}
