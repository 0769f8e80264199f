/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.rules;

import io.vmallocfleet.alerts.Glob;
import io.vmallocfleet.callers.CallerFamily;
import io.vmallocfleet.callers.CallerKnowledge;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.settings.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Thresholds of findings: for each kind, and of them for callers, modules, purposes, kernels, hosts
 * and labels. Every threshold is optional; of those that match, the last in the document holds.
 *
 * <pre>{@code
 * findings:
 *   leak: {floor: 128MiB}
 * overrides:
 *   - match: {caller: "bpf_*", label.role: web}
 *     leak: {floor: 1GiB, severity: ticket}
 *     jump: {enabled: false}
 * }</pre>
 *
 * @param lines the document's settings in its order
 */
public record DetectionRules(List<Line> lines) {

  /** Identity of the document among the rules. */
  public static final String RULE_ID = "detection";

  /** Where nobody has set anything: the detectors' own thresholds hold. */
  public static final DetectionRules NONE = new DetectionRules(List.of());

  private static final String PURPOSE = "purpose";
  private static final List<String> SCOPE =
      List.of("caller", "module", PURPOSE, "kernel-release", "kernel-build", "host");
  private static final List<String> PURPOSES =
      CallerKnowledge.bundled().families().stream().map(CallerFamily::slug).toList();
  private static final String MATCH = "match";
  private static final String ALL = "all";

  public DetectionRules {
    lines = List.copyOf(lines);
  }

  /**
   * One threshold of one kind under one condition.
   *
   * @param kind key of the kind, or {@code all}
   * @param match patterns by the keys of a {@link RuleScope}; all must match
   */
  record Line(Map<String, Glob> match, String kind, Threshold threshold, String text) {
    boolean holdsFor(FindingKind found, RuleScope scope) {
      return (kind.equals(ALL) || kind.equals(key(found)))
          && match.entrySet().stream().allMatch(e -> e.getValue().matches(scope.value(e.getKey())));
    }
  }

  /** What a finding of the kind about that must show. */
  public Limits limits(FindingKind kind, RuleScope scope) {
    Limits limits = Limits.NONE;
    for (Line line : lines) {
      if (line.holdsFor(kind, scope)) {
        limits = line.threshold().set(limits, line.text());
      }
    }
    return limits;
  }

  /**
   * @throws IllegalArgumentException with one line for each thing that is wrong, with its place
   */
  public static DetectionRules parse(String yaml) {
    return new Reader().read(RuleDocument.parse(yaml));
  }

  static String key(FindingKind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Kinds a document may name: all that detectors find, not those that rules in SQL write. */
  static List<String> kinds() {
    var kinds = new ArrayList<>(List.of(ALL));
    Arrays.stream(FindingKind.values())
        .filter(kind -> kind != FindingKind.UNKNOWN && kind != FindingKind.RULE)
        .forEach(kind -> kinds.add(key(kind)));
    return kinds;
  }

  /** Walks a document once, and gathers what is wrong with it on the way. */
  private static final class Reader {
    private final List<Line> lines = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    DetectionRules read(RuleDocument.Value document) {
      if (document.isMap()) {
        document.fields().forEach(this::section);
      } else {
        problems.add(document.wrong("not a map: expected findings: and overrides:"));
      }
      if (!problems.isEmpty()) {
        throw new IllegalArgumentException(String.join(System.lineSeparator(), problems));
      }
      return new DetectionRules(lines);
    }

    private void section(String name, RuleDocument.Value value) {
      if (name.equals("findings") && value.isMap()) {
        value.fields().forEach((kind, limits) -> kind(Map.of(), kind, limits));
      } else if (name.equals("overrides") && value.isList()) {
        value.elements().forEach(this::override);
      } else if (name.equals("findings")) {
        problems.add(value.wrong("expected a map such as leak: {floor: 128MiB}"));
      } else if (name.equals("overrides")) {
        problems.add(value.wrong("expected a list of - match: {caller: \"bpf_*\"}"));
      } else {
        unknown(value, "a section", name, List.of("findings", "overrides"));
      }
    }

    private void override(RuleDocument.Value override) {
      if (!override.isMap() || !override.fields().containsKey(MATCH)) {
        problems.add(
            override.wrong("says not what it is for: expected match: {caller: \"bpf_*\"}"));
        return;
      }
      Map<String, Glob> match = match(override.fields().get(MATCH));
      if (override.fields().size() == 1) {
        problems.add(override.wrong("sets nothing: expected a kind such as leak: {floor: 1GiB}"));
      }
      override
          .fields()
          .forEach(
              (kind, limits) -> {
                if (!kind.equals(MATCH)) {
                  kind(match, kind, limits);
                }
              });
    }

    private Map<String, Glob> match(RuleDocument.Value match) {
      var patterns = new TreeMap<String, Glob>();
      if (!match.isMap() || match.fields().isEmpty()) {
        problems.add(match.wrong("matches nothing in particular: expected caller, module, …"));
        return patterns;
      }
      match
          .fields()
          .forEach(
              (key, value) -> {
                if (!SCOPE.contains(key) && !key.startsWith(RuleScope.LABEL)) {
                  unknown(value, "something to match", key, scopeKeys());
                } else if (value.text() == null) {
                  problems.add(value.wrong("expected a pattern such as \"bpf_*\""));
                } else if (key.equals(PURPOSE) && !isPurpose(value.text())) {
                  unknown(value, "a purpose", value.text(), PURPOSES);
                } else {
                  patterns.put(key, new Glob(value.text()));
                }
              });
      return patterns;
    }

    /** A pattern that no family of callers has would never match, and nobody would notice. */
    private static boolean isPurpose(String pattern) {
      Glob glob = new Glob(pattern);
      return pattern.isEmpty() || PURPOSES.stream().anyMatch(glob::matches);
    }

    private void kind(Map<String, Glob> match, String kind, RuleDocument.Value limits) {
      if (!kinds().contains(kind)) {
        unknown(limits, "a kind of finding", kind, kinds());
      } else if (!limits.isMap()) {
        problems.add(limits.wrong("expected a map such as {floor: 128MiB}"));
      } else {
        limits.fields().forEach((key, value) -> threshold(match, kind, key, value));
      }
    }

    private void threshold(
        Map<String, Glob> match, String kind, String key, RuleDocument.Value value) {
      Optional<Threshold> threshold =
          Arrays.stream(Threshold.values()).filter(t -> t.key().equals(key)).findFirst();
      if (threshold.isEmpty()) {
        unknown(value, "a threshold", key, Threshold.keys());
        return;
      }
      String text = value.text() == null ? "" : value.text();
      try {
        threshold.get().set(Limits.NONE, text);
        lines.add(new Line(match, kind, threshold.get(), text));
      } catch (IllegalArgumentException | ArithmeticException e) {
        problems.add(
            value.wrong("\"%s\": expected %s".formatted(text, threshold.get().expected())));
      }
    }

    private void unknown(RuleDocument.Value value, String what, String key, List<String> known) {
      problems.add(value.wrong("not " + what + Settings.nearest(key, known)));
    }

    private static List<String> scopeKeys() {
      var keys = new ArrayList<>(SCOPE);
      keys.add(RuleScope.LABEL + "NAME");
      return keys;
    }
  }
}
