/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.alerts;

import io.vmallocfleet.alerts.Matcher;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a matcher as Alertmanager writes it. */
final class MatcherOption implements ITypeConverter<Matcher> {
  @Override
  public Matcher convert(String text) {
    try {
      return Matcher.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
