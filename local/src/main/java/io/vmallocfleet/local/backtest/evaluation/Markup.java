/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import io.vmallocfleet.local.records.Printable;

/** HTML under construction, in which text cannot become markup. */
final class Markup {
  private final StringBuilder html = new StringBuilder();

  /** Markup of our own, as it stands: constants and numbers only. */
  Markup raw(String markup) {
    html.append(markup);
    return this;
  }

  /** Text from anywhere, for content and for attributes in double quotes. */
  Markup text(String text) {
    Printable.line(text)
        .codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> html.append("&amp;");
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '"' -> html.append("&quot;");
                case '\'' -> html.append("&#39;");
                // Text that turns its direction can make one host look like another.
                case 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069 ->
                    html.append('?');
                default -> html.appendCodePoint(c);
              }
            });
    return this;
  }

  Markup element(String name, String text) {
    return raw("<" + name + ">").text(text).raw("</" + name + ">");
  }

  Markup element(String name, String className, String text) {
    return raw("<" + name + " class=\"" + className + "\">").text(text).raw("</" + name + ">");
  }

  @Override
  public String toString() {
    return html.toString();
  }
}
