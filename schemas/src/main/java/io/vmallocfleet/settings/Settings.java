/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the settings of one process from text, each key once, and reports every problem together,
 * with the place its value came from. A key that nobody asked for is an error that names the
 * nearest known one.
 *
 * <pre>{@code
 * var settings = new Settings("VMALLOC_PIPELINE_", System.getenv());
 * Duration window = settings.duration("WINDOW", Duration.ofMinutes(1));
 * settings.finish();
 * }</pre>
 */
public final class Settings {
  private static final Pattern DURATION = Pattern.compile("(\\d+)\\s*(ms|s|m|h|d)");

  /** The strongest first; keys that were read are taken out. */
  private final List<Layer> layers;

  private final TreeSet<String> known = new TreeSet<>();
  private final List<String> problems = new ArrayList<>();

  private record Layer(SettingsSource source, Map<String, String> unread) {
    private Layer(SettingsSource source) {
      this(source, new TreeMap<>());
      source.values().forEach((key, value) -> unread.put(key, value.strip()));
    }
  }

  /** From variables that begin with the prefix. */
  public Settings(String prefix, Map<String, String> environment) {
    this(List.of(SettingsSource.environment(prefix, environment)));
  }

  /**
   * @param sources later ones win
   */
  public Settings(List<SettingsSource> sources) {
    var strongestFirst = new ArrayList<Layer>();
    sources.forEach(source -> strongestFirst.add(0, new Layer(source)));
    this.layers = List.copyOf(strongestFirst);
  }

  public String text(String key, String fallback) {
    return read(key, fallback, Function.identity(), "");
  }

  /** Whole number from {@code min} to {@code max}. */
  public int number(String key, int fallback, int min, int max) {
    return read(
        key,
        fallback,
        text -> {
          int value = Integer.parseInt(text);
          if (value < min || value > max) {
            throw new IllegalArgumentException("out of range");
          }
          return value;
        },
        "a whole number from " + min + " to " + max);
  }

  /** Number from {@code min} to {@code max}. */
  public double decimal(String key, double fallback, double min, double max) {
    return read(
        key,
        fallback,
        text -> {
          double value = Double.parseDouble(text);
          if (!(value >= min && value <= max)) {
            throw new IllegalArgumentException("out of range");
          }
          return value;
        },
        "a number from " + min + " to " + max);
  }

  /** Positive duration. */
  public Duration duration(String key, Duration fallback) {
    return read(key, fallback, Settings::parseDuration, "a duration such as 5s or 1m");
  }

  /** Bytes, with an optional unit of 1024. */
  public long bytes(String key, long fallback) {
    return read(key, fallback, Settings::parseBytes, "a size such as 512KiB, 64MiB or 1GiB");
  }

  /** {@code true} or {@code false}. */
  public boolean flag(String key, boolean fallback) {
    return read(
        key,
        fallback,
        text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException(text);
            },
        "true or false");
  }

  /** Every key below {@code group}: of {@code GROUP_SOME_KEY} or group.some.key, some.key. */
  public Map<String, String> group(String group) {
    var values = new TreeMap<String, String>();
    String start = SettingsSource.dotted(group) + ".";
    known.add(start + "*");
    for (Layer layer : layers) {
      layer
          .unread()
          .entrySet()
          .removeIf(
              e -> {
                if (!e.getKey().startsWith(start)) {
                  return false;
                }
                values.putIfAbsent(e.getKey().substring(start.length()), e.getValue());
                return true;
              });
    }
    return values;
  }

  /** Adds what the caller found wrong with values that are text here; reported with the rest. */
  public void problem(String problem) {
    problems.add(problem);
  }

  /**
   * Ends reading.
   *
   * @throws IllegalArgumentException with one line a problem, if there is any
   */
  public void finish() {
    for (Layer layer : layers) {
      SettingsSource source = layer.source();
      List<String> names = known.stream().map(source::spelled).toList();
      for (String key : layer.unread().keySet()) {
        problems.add(
            source.located(key) + " is not a setting" + nearest(source.spelled(key), names));
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join(System.lineSeparator(), problems));
    }
  }

  /**
   * A positive duration such as {@code 500ms}, {@code 10s}, {@code 3m}, {@code 4h} or {@code 2d}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Duration parseDuration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a duration: expected a number with ms, s, m, h or d");
    }
    long amount = Long.parseLong(matcher.group(1));
    if (amount == 0) {
      throw new IllegalArgumentException("a duration of zero");
    }
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  /**
   * A size such as {@code 4096}, {@code 512KiB}, {@code 64MiB} or {@code 1GiB}, in bytes.
   *
   * @throws IllegalArgumentException if it is none; the message is the text
   */
  public static long parseBytes(String text) {
    Matcher matcher = Pattern.compile("(\\d+)\\s*(|B|KiB|MiB|GiB)").matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text);
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "KiB" -> Math.multiplyExact(amount, 1L << 10);
      case "MiB" -> Math.multiplyExact(amount, 1L << 20);
      case "GiB" -> Math.multiplyExact(amount, 1L << 30);
      default -> amount;
    };
  }

  private <T> T read(String key, T fallback, Function<String, T> parse, String expected) {
    String dotted = SettingsSource.dotted(key);
    known.add(dotted);
    SettingsSource from = null;
    String text = "";
    for (Layer layer : layers) {
      String value = layer.unread().remove(dotted);
      if (text.isEmpty() && value != null && !value.isEmpty()) {
        text = value;
        from = layer.source();
      }
    }
    if (from == null) {
      return fallback;
    }
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException | ArithmeticException e) {
      problems.add(from.located(dotted) + " is \"" + text + "\": expected " + expected);
      return fallback;
    }
  }

  /** Points to the nearest known key, or to all where none is near. */
  public static String nearest(String key, Collection<String> candidates) {
    return candidates.stream()
        .min(Comparator.comparingInt(candidate -> distance(key, candidate)))
        .filter(candidate -> distance(key, candidate) <= Math.max(3, key.length() / 6))
        .map(candidate -> ": did you mean " + candidate + "?")
        .orElse("; settings are " + String.join(", ", candidates));
  }

  /** Levenshtein distance. */
  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitute = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(substitute, 1 + Math.min(previous[j], row[j - 1]));
      }
      previous = row;
    }
    return previous[b.length()];
  }
}
