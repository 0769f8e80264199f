/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.settings;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * One place settings come from. Keys are dotted and lower case, {@code spool.max.age}, whatever the
 * place calls them; problems use the place's own spelling.
 */
public final class SettingsSource {
  private final Map<String, String> values;
  private final UnaryOperator<String> spelling;
  private final String place;

  private SettingsSource(Map<String, String> values, UnaryOperator<String> spelling, String place) {
    this.values = Map.copyOf(values);
    this.spelling = spelling;
    this.place = place;
  }

  /**
   * Variables such as {@code VMALLOC_AGENT_SPOOL_MAX_AGE}; those without the prefix are others'.
   */
  public static SettingsSource environment(String prefix, Map<String, String> environment) {
    var values = new TreeMap<String, String>();
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(prefix)) {
            values.put(dotted(name.substring(prefix.length())), value);
          }
        });
    return new SettingsSource(
        values, key -> prefix + key.toUpperCase(Locale.ROOT).replace('.', '_'), "");
  }

  /**
   * A Java properties file in UTF-8, {@code spool.max.age = 1d}.
   *
   * @throws IllegalArgumentException if it cannot be read
   */
  public static SettingsSource file(Path file) {
    var properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "settings file " + file + " cannot be read: " + e + "; check the path and its mode", e);
    }
    var values = new TreeMap<String, String>();
    properties.stringPropertyNames().forEach(k -> values.put(k, properties.getProperty(k)));
    return new SettingsSource(values, UnaryOperator.identity(), " in " + file);
  }

  /**
   * Options of the command line, {@code --spool-max-age}.
   *
   * @param options by dotted key
   */
  public static SettingsSource flags(Map<String, String> options) {
    return new SettingsSource(options, key -> "--" + key.replace('.', '-'), "");
  }

  /** {@code SPOOL_MAX_AGE} as {@code spool.max.age}. */
  static String dotted(String key) {
    return key.toLowerCase(Locale.ROOT).replace('_', '.');
  }

  Map<String, String> values() {
    return values;
  }

  /** As the place spells the key. */
  String spelled(String key) {
    return spelling.apply(key);
  }

  /** As the place spells the key, and which place. */
  String located(String key) {
    return spelled(key) + place;
  }
}
