/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.alerts;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.vmallocfleet.schemas.MatchOperator;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;

/**
 * A condition on one label, as Alertmanager writes it: {@code caller=~"bpf_.*"}. Expressions are
 * RE2 and match the whole value; a label that is not there is the empty string.
 *
 * @param value what the label is compared with
 */
public final class Matcher {
  private static final Pattern SYNTAX =
      Pattern.compile("(?s)\\s*([A-Za-z_][A-Za-z0-9_]*)\\s*(=~|!~|!=|=)\\s*(.*?)\\s*");

  private final String label;
  private final MatchOperator operator;
  private final String value;
  private final Pattern expression;

  /**
   * @throws IllegalArgumentException if the value is no expression and has to be one
   */
  public Matcher(String label, MatchOperator operator, String value) {
    this.label = Objects.requireNonNull(label, "label");
    this.operator = Objects.requireNonNull(operator, "operator");
    this.value = Objects.requireNonNull(value, "value");
    try {
      this.expression = isExpression() ? Pattern.compile("(?s)" + value) : null;
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "%s is no expression of RE2: %s".formatted(this, e.getDescription()), e);
    }
  }

  /**
   * Reads {@code label=value}, {@code label!=value}, {@code label=~expression} or {@code
   * label!~expression}; the value may stand in double quotes.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  public static Matcher parse(String text) {
    com.google.re2j.Matcher parts = SYNTAX.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "\"%s\" is no matcher: expected label=value, label!=value, label=~expression or"
                  .formatted(text)
              + " label!~expression");
    }
    String value = parts.group(3);
    if (value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")) {
      value = value.substring(1, value.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\");
    }
    return new Matcher(parts.group(1), operator(parts.group(2)), value);
  }

  /** Whether every one of them holds. */
  public static boolean allMatch(Collection<Matcher> matchers, Map<String, String> labels) {
    return matchers.stream().allMatch(matcher -> matcher.matches(labels));
  }

  public boolean matches(Map<String, String> labels) {
    String actual = labels.getOrDefault(label, "");
    return switch (operator) {
      case EQUAL -> actual.equals(value);
      case NOT_EQUAL -> !actual.equals(value);
      case MATCHES -> expression.matches(actual);
      case NOT_MATCHES -> !expression.matches(actual);
    };
  }

  public String label() {
    return label;
  }

  public String value() {
    return value;
  }

  public MatchOperator operator() {
    return operator;
  }

  /** Whether the value is an expression rather than a text. */
  public boolean isExpression() {
    return operator == MatchOperator.MATCHES || operator == MatchOperator.NOT_MATCHES;
  }

  /** Whether it asks for the match rather than for its absence. */
  public boolean isPositive() {
    return operator == MatchOperator.EQUAL || operator == MatchOperator.MATCHES;
  }

  @Override
  public String toString() {
    String sign =
        switch (operator) {
          case EQUAL -> "=";
          case NOT_EQUAL -> "!=";
          case MATCHES -> "=~";
          case NOT_MATCHES -> "!~";
        };
    return "%s%s\"%s\"".formatted(label, sign, value.replace("\\", "\\\\").replace("\"", "\\\""));
  }

  private static MatchOperator operator(String sign) {
    return switch (sign) {
      case "=" -> MatchOperator.EQUAL;
      case "!=" -> MatchOperator.NOT_EQUAL;
      case "=~" -> MatchOperator.MATCHES;
      default -> MatchOperator.NOT_MATCHES;
    };
  }
}
