/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest;

import io.vmallocfleet.pipeline.PipelineConfig;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import javax.annotation.Nullable;

/**
 * Settings of the job from a file, over those of the environment:
 *
 * <pre>detection.floor = 32MiB</pre>
 *
 * is {@code VMALLOC_PIPELINE_DETECTION_FLOOR}.
 */
record Rules(String name, PipelineConfig config) {
  private static final String PREFIX = "VMALLOC_PIPELINE_";

  /**
   * @param file null for the environment alone
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException with one line for each setting that is wrong
   */
  static Rules of(@Nullable Path file, Map<String, String> environment) throws IOException {
    if (file == null) {
      return new Rules("the settings here", PipelineConfig.from(environment));
    }
    var properties = new Properties();
    try (Reader text = Files.newBufferedReader(file)) {
      properties.load(text);
    }
    Map<String, String> settings = new HashMap<>(environment);
    for (String key : properties.stringPropertyNames()) {
      settings.put(
          PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_'),
          properties.getProperty(key).strip());
    }
    try {
      return new Rules(file.getFileName().toString(), PipelineConfig.from(settings));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }
}
