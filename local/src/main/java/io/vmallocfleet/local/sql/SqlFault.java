/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.sql;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What went wrong with a statement, in one line, out of the stack traces a gateway answers with:
 * the innermost cause, or the one that says where in the statement it is.
 */
final class SqlFault {
  private static final Pattern CAUSE =
      Pattern.compile("(?m)^(?:Caused by: )?((?:[\\w$]+\\.)+[\\w$]*(?:Exception|Error)): (.+)$");
  private static final Pattern PLACE = Pattern.compile("(?i)\\b(from|at) line \\d+, column \\d+");

  private SqlFault() {}

  /**
   * @param errors of the gateway's answer
   */
  static String explain(List<String> errors) {
    String innermost = null;
    for (String error : errors) {
      Matcher cause = CAUSE.matcher(error);
      while (cause.find()) {
        String message = cause.group(2).strip();
        if (PLACE.matcher(message).find()) {
          return message;
        }
        if (!message.matches("(?:[\\w$]+\\.)+[\\w$]+: .*")) {
          innermost = isRefusal(cause.group(1)) ? refusal(message) : message;
        }
      }
    }
    return innermost != null ? innermost : String.join(" ", errors).strip();
  }

  private static boolean isRefusal(String exception) {
    return exception.startsWith("org.apache.kafka.common.errors.")
        && exception.endsWith("AuthorizationException");
  }

  private static String refusal(String message) {
    return "Kafka does not let this user do that (%s): vmalloc-fleet access shows who may what"
        .formatted(message.replaceFirst("\\.$", ""));
  }
}
