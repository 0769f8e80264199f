/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import static io.vmallocfleet.pipeline.SnapshotBuilder.PAGE;
import static io.vmallocfleet.pipeline.SnapshotBuilder.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vmallocfleet.pipeline.SnapshotBuilder;
import io.vmallocfleet.schemas.UnreadableRecordException;
import io.vmallocfleet.schemas.snapshot.AddressMode;
import io.vmallocfleet.schemas.snapshot.AreaFlags;
import io.vmallocfleet.schemas.snapshot.Region;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshotFoldTest {
  private static final Origin ORIGIN = new Origin("vmalloc.snapshots", 1, 42, 5_000);

  @Test
  void sums_memory_and_address_space_per_caller() {
    CallerTable callers =
        snapshot("h")
            .area("kernel_clone", 4)
            .area("load_module", 7)
            .area("kernel_clone", 4)
            .usage()
            .callers();

    // Two stacks of four pages; each area has a guard page on top.
    assertThat(callers.callers()).containsExactly("kernel_clone", "load_module");
    assertThat(callers.areas()).containsExactly(2, 1);
    assertThat(callers.bytes()).containsExactly(8 * PAGE, 7 * PAGE);
    assertThat(callers.mappedBytes()).containsExactly(10 * PAGE, 8 * PAGE);
  }

  @Test
  void unpurged_areas_are_neither_memory_nor_use() {
    HostUsage.Totals totals =
        snapshot("h")
            .area("kernel_clone", 4)
            .area(null, Region.VMALLOC, 0, 5 * PAGE, 0, AreaFlags.UNPURGED)
            .usage()
            .totals();

    assertThat(totals).isEqualTo(new HostUsage.Totals(1, 4 * PAGE, 5 * PAGE, PAGE, 1, 5 * PAGE));
  }

  @Test
  void areas_without_a_caller_get_the_name_of_their_kind() {
    CallerTable callers =
        snapshot("h")
            .area(null, Region.VMALLOC, -1, 16 * PAGE, 0, AreaFlags.VM_MAP_RAM)
            .area(null, Region.VMALLOC, 0, 2 * PAGE, 0, AreaFlags.IOREMAP)
            .usage()
            .callers();

    assertThat(callers.callers()).containsExactly("vm_map_ram", "(no caller)");
  }

  @Test
  void lowmem_of_vendor_kernels_is_no_allocation() {
    HostUsage usage =
        snapshot("h")
            .area("map_lowmem", Region.UNKNOWN, -1, 1 << 27, 0, AreaFlags.LOWMEM)
            .area("kernel_clone", 4)
            .usage();

    assertThat(usage.totals().mappedBytes()).isEqualTo(5 * PAGE);
    assertThat(usage.callers().callers()).containsExactly("kernel_clone");
  }

  @Test
  void each_window_of_the_address_space_has_its_own_holes() {
    List<WindowShape> windows =
        snapshot("h")
            .area("a", Region.MODULES, -1, 2 * PAGE, 1, AreaFlags.VMALLOC)
            .area("b", Region.VMALLOC, -1, 2 * PAGE, 1, AreaFlags.VMALLOC)
            .area("a", Region.MODULES, 3 * PAGE, 2 * PAGE, 1, AreaFlags.VMALLOC)
            .area("pcpu_get_vm_areas", Region.PERCPU, 100 * PAGE, 8 * PAGE, 0, AreaFlags.VMALLOC)
            .usage()
            .windows();

    assertThat(windows)
        .extracting(WindowShape::window)
        .containsExactly(Region.VMALLOC, Region.MODULES);
    assertThat(windows.get(0).shape().holes().largestBytes()).isEqualTo(100 * PAGE);
    assertThat(windows.get(1).shape().holes().bytes()).isEqualTo(3 * PAGE);
  }

  @Test
  void holes_are_absent_where_addresses_are_hashed() {
    List<WindowShape> windows =
        snapshot("h")
            .mode(AddressMode.HASHED)
            .area("a", Region.UNKNOWN, -1, 2 * PAGE, 1, AreaFlags.VMALLOC)
            .area("b", Region.UNKNOWN, 0, 2 * PAGE, 1, AreaFlags.VMALLOC)
            .area("c", Region.UNKNOWN, -1, 2 * PAGE, 1, AreaFlags.VMALLOC)
            .usage()
            .windows();

    assertThat(windows).hasSize(1);
    assertThat(windows.get(0).shape().runs()).isEqualTo(2);
    assertThat(windows.get(0).shape().holes()).isNull();
  }

  @Test
  void a_blind_or_truncated_snapshot_is_not_complete() {
    assertThat(snapshot("h").blind("no permission").usage().complete()).isFalse();
    assertThat(snapshot("h").area("a", 1).omitted(5).usage().complete()).isFalse();
    assertThat(snapshot("h").area("a", 1).usage().complete()).isTrue();
  }

  @Test
  void refuses_what_cannot_be_true_and_folds_the_next_snapshot() throws Exception {
    var fold = new SnapshotFold();
    byte[] tooLarge =
        snapshot("h")
            .area("a", Region.VMALLOC, 0, Long.MAX_VALUE, 1, AreaFlags.VMALLOC)
            .area("a", Region.VMALLOC, 0, Long.MAX_VALUE, 1, AreaFlags.VMALLOC)
            .bytes();
    byte[] empty = snapshot("h").area("a", Region.VMALLOC, 0, 0, 1, AreaFlags.VMALLOC).bytes();
    byte[] good = SnapshotBuilder.snapshot("h").area("a", 1).bytes();

    assertThatThrownBy(() -> fold.fold(ORIGIN, tooLarge))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessageContaining("areas and gaps that pass 63 bits");
    assertThatThrownBy(() -> fold.fold(ORIGIN, empty))
        .hasMessageContaining("an area of 0 bytes with 1 pages");
    assertThatThrownBy(() -> fold.fold(ORIGIN, Arrays.copyOf(good, good.length - 1)))
        .isInstanceOf(UnreadableRecordException.class);
    assertThat(fold.fold(ORIGIN, good).totals().areas()).isEqualTo(1);
  }
}
