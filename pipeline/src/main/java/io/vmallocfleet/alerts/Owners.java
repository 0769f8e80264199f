/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.alerts;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vmallocfleet.schemas.Finding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Who answers for what, as a file of CODEOWNERS for callers: the last line that matches wins, and
 * there is always a default.
 *
 * <pre>{@code
 * default: {team: kernel, escalation: kernel-lead}
 * owners:
 *   - {purpose: kernel-stacks, team: runtime}
 *   - {caller: "bpf_*", team: bpf, escalation: bpf-oncall}
 *   - {module: "nf_*", team: network}
 *   - {kind: "HOST_*", team: platform}
 * }</pre>
 *
 * @param fallback owner of what no line matches
 */
public record Owners(Owner fallback, List<Line> lines) {
  private static final Set<String> PATTERNS = Set.of("caller", "module", "purpose", "kind");

  /** Until somebody says otherwise. */
  public static final Owners DEFAULTS = new Owners(new Owner("kernel", ""), List.of());

  public Owners {
    lines = List.copyOf(lines);
  }

  /** One line: all its patterns must match. */
  public record Line(Glob caller, Glob module, Glob purpose, Glob kind, Owner owner) {
    boolean matches(Subject subject) {
      return caller.matches(subject.caller())
          && module.matches(subject.module())
          && purpose.matches(subject.purpose())
          && kind.matches(subject.kind());
    }

    @Override
    public String toString() {
      return Map.of("caller", caller, "module", module, "purpose", purpose, "kind", kind)
          .entrySet()
          .stream()
          .filter(pattern -> !pattern.getValue().equals(Glob.ANY))
          .map(pattern -> pattern.getKey() + " \"" + pattern.getValue().text() + '"')
          .sorted()
          .collect(Collectors.joining(", "));
    }
  }

  public Owner of(Finding finding) {
    return of(Subject.of(finding));
  }

  public Owner of(Subject subject) {
    for (int i = lines.size() - 1; i >= 0; i--) {
      if (lines.get(i).matches(subject)) {
        return lines.get(i).owner();
      }
    }
    return fallback;
  }

  /**
   * Lines that own nothing of what is known, each with why.
   *
   * @param known every subject there is
   */
  public List<String> dead(Collection<Subject> known) {
    return IntStream.range(0, lines.size())
        .mapToObj(number -> dead(number, known))
        .filter(why -> !why.isEmpty())
        .toList();
  }

  private String dead(int number, Collection<Subject> known) {
    List<Subject> matched = known.stream().filter(lines.get(number)::matches).toList();
    if (matched.isEmpty()) {
      return "owners[%d] (%s) matches nothing that is known".formatted(number, lines.get(number));
    }
    for (Subject subject : matched) {
      if (IntStream.range(number + 1, lines.size())
          .noneMatch(later -> lines.get(later).matches(subject))) {
        return "";
      }
    }
    return "owners[%d] (%s) owns nothing: later lines take all %d it matches"
        .formatted(number, lines.get(number), matched.size());
  }

  /**
   * @param yaml as above
   * @throws IllegalArgumentException with one line for each thing that is wrong
   */
  public static Owners parse(String yaml) {
    var problems = new ArrayList<String>();
    JsonNode document = document(yaml);
    unknownKeys(document, Set.of("default", "owners"), "the owners file", problems);
    Owner fallback = owner(document.path("default"), "default", problems);
    var lines = new ArrayList<Line>();
    JsonNode owners = document.path("owners");
    if (!owners.isMissingNode() && !owners.isArray()) {
      problems.add("owners is not a list: expected lines such as - {caller: \"bpf_*\", team: bpf}");
    }
    for (int i = 0; i < owners.size(); i++) {
      lines.add(line(owners.get(i), "owners[" + i + "]", problems));
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join(System.lineSeparator(), problems));
    }
    return new Owners(fallback, lines);
  }

  private static JsonNode document(String yaml) {
    var mapper = new YAMLMapper(new YAMLFactory());
    mapper.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    try {
      JsonNode document = mapper.readTree(yaml);
      if (!document.isObject()) {
        throw new IllegalArgumentException(
            "the owners file is no YAML map: expected default: and owners:");
      }
      return document;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "the owners file is no YAML, line %d: %s"
              .formatted(
                  e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                  e.getOriginalMessage().lines().findFirst().orElse("")),
          e);
    }
  }

  private static Line line(JsonNode line, String where, List<String> problems) {
    unknownKeys(
        line, Set.of("caller", "module", "purpose", "kind", "team", "escalation"), where, problems);
    if (PATTERNS.stream().noneMatch(line::has)) {
      problems.add(where + " says not what it owns: expected caller, module, purpose or kind");
    }
    return new Line(
        glob(line, "caller", where, problems),
        glob(line, "module", where, problems),
        glob(line, "purpose", where, problems),
        glob(line, "kind", where, problems),
        owner(line, where, problems));
  }

  private static Owner owner(JsonNode node, String where, List<String> problems) {
    String team = text(node, "team", where, problems);
    if (team.isBlank()) {
      problems.add(where + " has no team: somebody has to be told");
      return DEFAULTS.fallback();
    }
    return new Owner(team, text(node, "escalation", where, problems));
  }

  private static Glob glob(JsonNode line, String key, String where, List<String> problems) {
    return line.has(key) ? new Glob(text(line, key, where, problems)) : Glob.ANY;
  }

  private static String text(JsonNode node, String key, String where, List<String> problems) {
    JsonNode value = node.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    if (!value.isValueNode()) {
      problems.add(where + "." + key + " is not a text");
    }
    return value.asText();
  }

  private static void unknownKeys(
      JsonNode node, Set<String> known, String where, List<String> problems) {
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.contains(key)) {
                problems.add(
                    "%s has \"%s\": expected one of %s"
                        .formatted(where, key, known.stream().sorted().toList()));
              }
            });
  }
}
