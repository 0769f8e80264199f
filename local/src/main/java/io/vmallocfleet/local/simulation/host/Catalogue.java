/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.host;

import io.vmallocfleet.agent.vmallocinfo.VmallocArea;
import io.vmallocfleet.local.simulation.Capture;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The callers of {@code callers.tsv}, with the sizes that captures show. */
final class Catalogue {
  private static final String FILE = "callers.tsv";
  private static final int FIRST_ROLE = 6;

  /**
   * A caller and how it lives.
   *
   * @param pages pages of one area; one of these
   * @param means mean number of areas by role
   */
  record Entry(
      String function,
      String module,
      String generation,
      int[] pages,
      Placement placement,
      Behaviour behaviour,
      Map<Role, Double> means) {

    boolean isIn(KernelBuild build) {
      return generation.equals(build.generation())
          || generation.equals("all") && !build.generation().equals("arm")
          || generation.equals("all") && means.get(Role.APPLIANCE) > 0;
    }
  }

  private final List<Entry> entries;
  private final Map<Capture, List<VmallocArea>> captured;

  private Catalogue(List<Entry> entries, Map<Capture, List<VmallocArea>> captured) {
    this.entries = List.copyOf(entries);
    this.captured = captured;
  }

  /** Reads what is bundled. */
  static Catalogue bundled() {
    Map<Capture, List<VmallocArea>> captured = new EnumMap<>(Capture.class);
    for (Capture capture : Capture.values()) {
      captured.put(
          capture,
          capture.areas().stream()
              .sorted((a, b) -> Long.compareUnsigned(a.start(), b.start()))
              .toList());
    }
    List<Entry> entries = new ArrayList<>();
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                Catalogue.class.getResourceAsStream(FILE), StandardCharsets.UTF_8))) {
      boolean header = true;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("#")) {
          continue;
        }
        if (!header) {
          entries.add(entry(line.split("\t"), captured));
        }
        header = false;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(FILE + " in our own jar", e);
    }
    return new Catalogue(entries, captured);
  }

  /** The callers of a role on a kernel. */
  List<Entry> of(Role role, KernelBuild build) {
    return entries.stream().filter(e -> e.isIn(build) && e.means().get(role) > 0).toList();
  }

  /** A caller by name, for what a scenario does to it; null if the table does not know it. */
  Entry find(String function, String module, KernelBuild build) {
    return entries.stream()
        .filter(e -> e.function().equals(function) && e.module().equals(module) && e.isIn(build))
        .findFirst()
        .orElse(null);
  }

  /** Rows of a capture in address order. */
  List<VmallocArea> rows(Capture capture) {
    return captured.get(capture);
  }

  private static Entry entry(String[] f, Map<Capture, List<VmallocArea>> captured) {
    Map<Role, Double> means = new EnumMap<>(Role.class);
    for (Role role : Role.values()) {
      means.put(role, Double.parseDouble(f[FIRST_ROLE + role.ordinal()]));
    }
    Placement placement = Placement.of(f[4]);
    return new Entry(
        f[0],
        f[1].equals("-") ? "" : f[1],
        f[2],
        f[3].equals("*")
            ? captured(f[0], f[2].equals("5") ? Capture.LINUX_5_8 : Capture.LINUX_6_18, captured)
            : Arrays.stream(f[3].split(",")).mapToInt(Integer::parseInt).toArray(),
        placement,
        Behaviour.valueOf(f[5].toUpperCase(java.util.Locale.ROOT)),
        means);
  }

  private static int[] captured(
      String function, Capture capture, Map<Capture, List<VmallocArea>> captured) {
    return captured.get(capture).stream()
        .filter(a -> a.caller().function().equals(function))
        .mapToInt(a -> (int) (a.pages() > 0 ? a.pages() : a.size() / Areas.PAGE))
        .toArray();
  }
}
