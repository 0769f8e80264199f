/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.scenario;

import io.vmallocfleet.local.simulation.host.KernelBuild;
import io.vmallocfleet.schemas.snapshot.Region;
import io.vmallocfleet.settings.Settings;
import java.util.Set;

/**
 * A caller on a kernel, and the areas a scenario lets it take.
 *
 * @param areaPages pages of one area
 */
record Target(String function, String module, Region region, int areaPages) {
  static final Set<String> FAMILIES =
      Set.of(
          "kernel-stacks",
          "bpf-programs",
          "bpf-jit",
          "bpf-maps",
          "modules",
          "nf-tables",
          "percpu",
          "unknown-module");
  private static final int USUAL_PAGES = 16;
  private static final int PAGE = 4096;

  /**
   * @throws IllegalArgumentException if it is neither a caller nor a family we know
   */
  static Target of(Event.Whose whose, KernelBuild build) {
    if ((whose.caller() == null) == (whose.family() == null)) {
      throw new IllegalArgumentException("whose: expected either a caller or a family");
    }
    Target target = whose.family() != null ? family(whose.family(), build) : caller(whose.caller());
    return whose.area() == null
        ? target
        : new Target(
            target.function,
            target.module,
            target.region,
            (int) Math.max(1, Settings.parseBytes(whose.area()) / PAGE));
  }

  private static Target caller(String text) {
    int bracket = text.indexOf(" [");
    return bracket < 0
        ? new Target(text, "", Region.VMALLOC, USUAL_PAGES)
        : new Target(
            text.substring(0, bracket),
            text.substring(bracket + 2, text.length() - 1),
            Region.VMALLOC,
            USUAL_PAGES);
  }

  /** Who the kernel names depends on what its compiler inlined. */
  private static Target family(String family, KernelBuild build) {
    boolean recent = build.generation().equals("6");
    return switch (family) {
      case "kernel-stacks" ->
          new Target(recent ? "kernel_clone" : "dup_task_struct", "", Region.VMALLOC, 4);
      case "bpf-programs" -> new Target("bpf_prog_alloc_no_stats", "", Region.VMALLOC, 2);
      case "bpf-jit" ->
          recent
              ? new Target("bpf_prog_pack_alloc", "", Region.MODULES, 512)
              : new Target("bpf_jit_alloc_exec", "", Region.MODULES, 16);
      case "bpf-maps" -> new Target("htab_map_alloc", "", Region.VMALLOC, 64);
      case "modules" -> new Target(recent ? "load_module" : "move_module", "", Region.MODULES, 12);
      case "nf-tables" -> new Target("nf_tables_newset", "nf_tables", Region.VMALLOC, 16);
      case "percpu" -> new Target("pcpu_get_vm_areas", "", Region.PERCPU, recent ? 512 : 8192);
      case "unknown-module" -> new Target("acme_flow_create", "acme_telemetry", Region.VMALLOC, 8);
      default ->
          throw new IllegalArgumentException(
              "family \"%s\" is unknown: expected one of %s".formatted(family, FAMILIES));
    };
  }
}
