/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.map;

import io.vmallocfleet.callers.CallerKnowledge;
import io.vmallocfleet.callers.CallerMeaning;
import io.vmallocfleet.schemas.AddressMode;
import io.vmallocfleet.schemas.Area;
import io.vmallocfleet.schemas.CallSite;
import io.vmallocfleet.schemas.Region;
import io.vmallocfleet.schemas.VmallocSnapshot;
import io.vmallocfleet.schemas.snapshot.AreaFlags;
import java.util.ArrayList;
import java.util.List;

/**
 * A snapshot's areas in columns, as the map in the browser draws them. Sizes and offsets are bytes.
 *
 * <p>With real addresses every area has an offset into its strip. With hashed ones only runs of
 * adjoining areas are known: {@link #run} numbers them, offsets are within the run. Otherwise each
 * area is a run of its own.
 *
 * @param strips windows of the address space, empty unless addresses are real
 * @param owner index into {@link #owners}
 * @param strip index into {@link #strips}, -1 for none
 */
public record AddressMap(
    String addressMode,
    long takenAt,
    int pageSize,
    List<Strip> strips,
    List<Owner> owners,
    int[] owner,
    int[] strip,
    int[] run,
    long[] offset,
    long[] size,
    long[] pages,
    int[] flags,
    int omittedAreas) {
  /** Bit of {@link #flags} beside those of {@link AreaFlags}: a percpu chunk. */
  public static final int PERCPU = 1 << 16;

  /**
   * A window of address space.
   *
   * @param base address of offset 0 in hex; of a host's snapshot a made-up one
   */
  public record Strip(String name, String base, long spanBytes) {}

  /** Who asked for areas. */
  public record Owner(
      String function, String module, String family, String label, String purpose) {}

  /**
   * @param bases addresses of the first area of each window
   */
  public static AddressMap of(VmallocSnapshot snapshot, CallerKnowledge knowledge, Bases bases) {
    return new Building(snapshot, knowledge).build(bases);
  }

  /** Where the two windows begin. */
  public record Bases(long vmalloc, long modules) {}

  private static final class Building {
    private final VmallocSnapshot snapshot;
    private final CallerKnowledge knowledge;
    private final List<Owner> owners = new ArrayList<>();

    Building(VmallocSnapshot snapshot, CallerKnowledge knowledge) {
      this.snapshot = snapshot;
      this.knowledge = knowledge;
    }

    AddressMap build(Bases bases) {
      for (CallSite site : snapshot.getCallSites()) {
        owners.add(owner(knowledge.meaning(site.getFunction(), site.getModule())));
      }
      int unpurged = owners.size();
      owners.add(owner(knowledge.meaning("unpurged vm_area", "")));
      owners.add(owner(knowledge.meaning("vm_map_ram", "")));
      owners.add(owner(knowledge.meaning("(no caller)", "")));

      List<Area> areas = snapshot.getAreas();
      int count = areas.size();
      boolean real = snapshot.getAddressMode() == AddressMode.REAL;
      int[] owner = new int[count];
      int[] strip = new int[count];
      int[] run = new int[count];
      long[] offset = new long[count];
      long[] size = new long[count];
      long[] pages = new long[count];
      int[] flags = new int[count];
      long[] end = new long[2];
      boolean[] seen = new boolean[2];
      int runs = 0;
      long runEnd = 0;
      for (int i = 0; i < count; i++) {
        Area area = areas.get(i);
        owner[i] = ownerOf(area, unpurged);
        size[i] = area.getSize();
        pages[i] = area.getPages();
        flags[i] = area.getFlags() | (area.getRegion() == Region.PERCPU ? PERCPU : 0);
        strip[i] = real ? stripOf(area.getRegion()) : -1;
        if (strip[i] >= 0) {
          int window = strip[i];
          offset[i] = seen[window] ? end[window] + Math.max(0, area.getGap()) : 0;
          end[window] = offset[i] + size[i];
          seen[window] = true;
        } else {
          boolean adjoins = area.getGap() == 0 && i > 0;
          runs += adjoins ? 0 : 1;
          offset[i] = adjoins ? runEnd : 0;
          runEnd = offset[i] + size[i];
        }
        run[i] = runs - 1;
      }
      return new AddressMap(
          snapshot.getAddressMode().name(),
          snapshot.getTakenAt().toEpochMilli(),
          snapshot.getHost().getPageSize(),
          real
              ? List.of(
                  new Strip("vmalloc", hex(bases.vmalloc()), end[0]),
                  new Strip("modules", hex(bases.modules()), end[1]))
              : List.of(),
          owners,
          owner,
          strip,
          run,
          offset,
          size,
          pages,
          flags,
          snapshot.getOmittedAreas());
    }

    private static int stripOf(Region region) {
      return switch (region) {
        case VMALLOC, PERCPU -> 0;
        case MODULES -> 1;
        case UNKNOWN -> -1;
      };
    }

    private int ownerOf(Area area, int unpurged) {
      if (area.getCallSite() >= 0 && area.getCallSite() < unpurged) {
        return area.getCallSite();
      }
      if ((area.getFlags() & AreaFlags.UNPURGED) != 0) {
        return unpurged;
      }
      return (area.getFlags() & AreaFlags.VM_MAP_RAM) != 0 ? unpurged + 1 : unpurged + 2;
    }

    private static Owner owner(CallerMeaning meaning) {
      return new Owner(
          meaning.function(),
          meaning.module(),
          meaning.family().slug(),
          meaning.family().label(),
          meaning.purpose());
    }

    private static String hex(long address) {
      return "0x" + Long.toHexString(address);
    }
  }
}
