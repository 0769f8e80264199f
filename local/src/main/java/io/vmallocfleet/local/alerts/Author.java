/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.alerts;

import picocli.CommandLine.Option;

/** Who tells the jobs something, and why: kept in the topic. A picocli mix-in. */
final class Author {
  @Option(
      names = "--by",
      paramLabel = "NAME",
      required = true,
      description = "Who you are, as others know you.")
  private String by;

  @Option(names = "--why", paramLabel = "TEXT", required = true, description = "Why, for others.")
  private String why;

  String by() {
    return by;
  }

  String why() {
    return why;
  }
}
