/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.rules;

import io.vmallocfleet.local.stack.StackException;
import io.vmallocfleet.rules.DetectionRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A document of thresholds in a file.
 *
 * @param text as it stands there
 * @param rules what it says
 */
record RuleFile(String text, DetectionRules rules) {

  /**
   * @throws StackException when it cannot be read, or with one line for each thing that is wrong
   */
  static RuleFile read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new StackException("%s cannot be read: there is no such file".formatted(file), e);
    } catch (IOException e) {
      throw new StackException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
    try {
      return new RuleFile(text, DetectionRules.parse(text));
    } catch (IllegalArgumentException e) {
      throw new StackException(
          "%s cannot be taken:\n  %s".formatted(file, e.getMessage().replace("\n", "\n  ")), e);
    }
  }
}
