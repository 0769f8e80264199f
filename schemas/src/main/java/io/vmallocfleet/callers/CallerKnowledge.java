/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.callers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is known about callers, by function. One table for everything that speaks about them, so
 * that a command, a query and an alert say the same.
 *
 * <p>A line for {@code name [module]} wins over one for {@code name}; a line for {@code name} holds
 * in every module, because one driver's function is built in here and a module there. Immutable.
 */
public final class CallerKnowledge {
  private static final String CALLERS = "callers.tsv";
  private static final String FAMILIES = "families.tsv";

  private final Map<String, CallerFamily> families;
  private final Map<String, CallerMeaning> meanings;

  private CallerKnowledge(Map<String, CallerFamily> families, Map<String, CallerMeaning> meanings) {
    this.families = families;
    this.meanings = meanings;
  }

  /** The tables that ship with this release. */
  public static CallerKnowledge bundled() {
    return parse(resource(FAMILIES), resource(CALLERS));
  }

  /**
   * @param familiesText as in {@code families.tsv}
   * @param callersText as in {@code callers.tsv}
   * @throws IllegalArgumentException naming the line, if one is wrong
   */
  static CallerKnowledge parse(String familiesText, String callersText) {
    Map<String, CallerFamily> families = families(familiesText);
    Map<String, CallerMeaning> meanings = new HashMap<>();
    TsvTable.parse(
            CALLERS,
            callersText,
            "function",
            "family",
            "subsystem",
            "purpose",
            "growth",
            "growth_usually_means")
        .forEach(
            line -> {
              CallerFamily family = families.get(line.field("family"));
              if (family == null) {
                throw line.wrong(
                    "family is \"%s\": expected one of %s"
                        .formatted(line.field("family"), String.join(", ", families.keySet())));
              }
              String function = line.field("function");
              if (meanings.put(function, meaning(line, family)) != null) {
                throw line.wrong("there is a line for \"" + function + "\" already");
              }
            });
    return new CallerKnowledge(Collections.unmodifiableMap(families), Map.copyOf(meanings));
  }

  /**
   * What is known about a function; never null.
   *
   * @param function normalised, as {@code Caller.function} of the agent has it; {@code unpurged
   *     vm_area}, {@code vm_map_ram} and {@code unresolved} are known too
   * @param module empty for the kernel itself
   */
  public CallerMeaning meaning(String function, String module) {
    CallerMeaning meaning = meanings.get(key(function, module));
    if (meaning == null) {
      meaning = meanings.get(function);
    }
    return meaning == null
        ? CallerMeaning.unknown(function, module, families.get(CallerFamily.UNKNOWN))
        : meaning.in(module);
  }

  /** All families, in the order of their table. */
  public Collection<CallerFamily> families() {
    return families.values();
  }

  /** What is known of each function, in no order. */
  public Collection<CallerMeaning> meanings() {
    return meanings.values();
  }

  /** How many functions are known. */
  public int size() {
    return meanings.size();
  }

  private static Map<String, CallerFamily> families(String text) {
    Map<String, CallerFamily> families = new LinkedHashMap<>();
    Map<Character, String> marks = new HashMap<>();
    TsvTable.parse(FAMILIES, text, "family", "mark", "label", "growth", "meaning", "growing")
        .forEach(
            line -> {
              CallerFamily family = family(line);
              if (families.put(family.slug(), family) != null) {
                throw line.wrong("there is a line for \"" + family.slug() + "\" already");
              }
              String other = marks.put(family.mark(), family.slug());
              if (other != null) {
                throw line.wrong("mark \"" + family.mark() + "\" is that of " + other);
              }
            });
    if (!families.containsKey(CallerFamily.UNKNOWN)) {
      throw new IllegalArgumentException(FAMILIES + " has no line for " + CallerFamily.UNKNOWN);
    }
    return families;
  }

  private static CallerFamily family(TsvTable.Line line) {
    String slug = line.field("family");
    if (!slug.matches("[a-z][a-z0-9-]*")) {
      throw line.wrong("family is \"" + slug + "\": expected lower-case words joined by -");
    }
    String mark = line.field("mark");
    if (!mark.matches("[!-~]") || mark.equals(".")) {
      throw line.wrong("mark is \"" + mark + "\": expected one ASCII character other than a dot");
    }
    return new CallerFamily(
        slug,
        mark.charAt(0),
        line.field("label"),
        line.field("growth"),
        line.field("meaning"),
        line.field("growing"));
  }

  private static CallerMeaning meaning(TsvTable.Line line, CallerFamily family) {
    String function = line.field("function");
    int bracket = function.indexOf(" [");
    return new CallerMeaning(
        bracket < 0 ? function : function.substring(0, bracket),
        "",
        true,
        family,
        line.field("subsystem"),
        line.field("purpose"),
        line.field("growth"),
        line.field("growth_usually_means"));
  }

  private static String key(String function, String module) {
    return module.isEmpty() ? function : function + " [" + module + "]";
  }

  private static String resource(String name) {
    try (InputStream text = CallerKnowledge.class.getResourceAsStream(name)) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
