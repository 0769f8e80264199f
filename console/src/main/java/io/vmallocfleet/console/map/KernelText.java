/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.map;

import io.vmallocfleet.agent.vmallocinfo.AreaFlag;
import io.vmallocfleet.agent.vmallocinfo.Caller;
import io.vmallocfleet.agent.vmallocinfo.RowForm;
import io.vmallocfleet.agent.vmallocinfo.VmallocArea;
import io.vmallocfleet.schemas.AddressMode;
import io.vmallocfleet.schemas.Area;
import io.vmallocfleet.schemas.CallSite;
import io.vmallocfleet.schemas.NodePages;
import io.vmallocfleet.schemas.Region;
import io.vmallocfleet.schemas.VmallocSnapshot;
import io.vmallocfleet.schemas.snapshot.AreaFlags;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * A snapshot as {@code /proc/vmallocinfo} had it, but for the addresses, which never left the host.
 * Where gaps are known the rows get made-up addresses at the same distances; the phase of the first
 * one is chosen so that kernel stacks and huge areas start at the multiples they need. Otherwise
 * addresses are zeros, as a kernel prints them that hides them.
 */
public final class KernelText {
  private static final long VMALLOC_BASE = 0xffffc90000000000L;
  private static final long MODULES_BASE = 0xffffffffa0000000L;
  private static final long STACK_ALIGNMENT = 16 * 1024;
  private static final long HUGE = 2 * 1024 * 1024;

  private final VmallocSnapshot snapshot;
  private final List<Caller> callers;
  private final AddressMap.Bases bases;

  public KernelText(VmallocSnapshot snapshot) {
    this.snapshot = snapshot;
    this.callers = snapshot.getCallSites().stream().map(KernelText::caller).toList();
    this.bases =
        new AddressMap.Bases(
            VMALLOC_BASE + phase(Region.VMALLOC), MODULES_BASE + phase(Region.MODULES));
  }

  /** The made-up addresses of the first areas. */
  public AddressMap.Bases bases() {
    return bases;
  }

  /** One row a line. */
  public String text() {
    StringBuilder text = new StringBuilder(112 * snapshot.getAreas().size());
    boolean real = snapshot.getAddressMode() == AddressMode.REAL;
    RowForm form = new RowForm(16, snapshot.getAddressMode() == AddressMode.PLACEHOLDER, 16);
    long vmallocEnd = bases.vmalloc();
    long modulesEnd = bases.modules();
    boolean vmallocSeen = false;
    boolean modulesSeen = false;
    for (Area area : snapshot.getAreas()) {
      long start = 0;
      if (real && area.getRegion() == Region.MODULES) {
        start = modulesEnd + (modulesSeen ? Math.max(0, area.getGap()) : 0);
        modulesEnd = start + area.getSize();
        modulesSeen = true;
      } else if (real && area.getRegion() != Region.UNKNOWN) {
        start = vmallocEnd + (vmallocSeen ? Math.max(0, area.getGap()) : 0);
        vmallocEnd = start + area.getSize();
        vmallocSeen = true;
      }
      text.append(row(area, start).format(form)).append('\n');
    }
    return text.toString();
  }

  private VmallocArea row(Area area, long start) {
    long end = start == 0 ? 0 : start + area.getSize();
    Set<AreaFlag> flags = EnumSet.noneOf(AreaFlag.class);
    for (AreaFlag flag : AreaFlag.values()) {
      if ((area.getFlags() & flag.bit()) != 0) {
        flags.add(flag);
      }
    }
    boolean wholeLine = (area.getFlags() & (AreaFlags.UNPURGED | AreaFlags.VM_MAP_RAM)) != 0;
    if (wholeLine) {
      AreaFlag form =
          (area.getFlags() & AreaFlags.UNPURGED) != 0 ? AreaFlag.UNPURGED : AreaFlag.VM_MAP_RAM;
      return new VmallocArea(
          start, end, area.getSize(), Caller.NONE, 0, 0, Set.of(form), List.of(), new TreeMap<>());
    }
    TreeMap<Integer, Long> nodes = new TreeMap<>();
    for (NodePages node : area.getNuma()) {
      nodes.put(node.getNode(), node.getPages());
    }
    Caller caller =
        area.getCallSite() >= 0 && area.getCallSite() < callers.size()
            ? callers.get(area.getCallSite())
            : Caller.NONE;
    return new VmallocArea(
        start,
        end,
        Math.max(1, area.getSize()),
        caller,
        Math.max(0, area.getPages()),
        area.getPhys(),
        flags,
        area.getWords(),
        nodes);
  }

  private static Caller caller(CallSite site) {
    StringBuilder text = new StringBuilder(site.getFunction()).append(site.getSuffix());
    if (site.getOffset() >= 0 && site.getFunctionSize() >= 0) {
      text.append("+0x").append(Long.toHexString(site.getOffset()));
      text.append("/0x").append(Long.toHexString(site.getFunctionSize()));
    }
    if (!site.getModule().isEmpty()) {
      text.append(" [").append(site.getModule()).append(']');
    }
    return new Caller(
        site.getFunction(),
        site.getSuffix(),
        site.getModule(),
        site.getOffset(),
        site.getFunctionSize(),
        text.toString());
  }

  /** Bytes into 2 MiB at which the first area must lie for most areas to lie as they have to. */
  private long phase(Region window) {
    long page = snapshot.getHost().getPageSize();
    long offset = 0;
    boolean first = true;
    List<Long> stacks = new ArrayList<>();
    List<Long> huge = new ArrayList<>();
    for (Area area : snapshot.getAreas()) {
      boolean here =
          window == Region.MODULES
              ? area.getRegion() == Region.MODULES
              : area.getRegion() == Region.VMALLOC || area.getRegion() == Region.PERCPU;
      if (!here) {
        continue;
      }
      offset += first ? 0 : Math.max(0, area.getGap());
      first = false;
      if (area.getPages() == 4 && area.getSize() == 5 * page) {
        stacks.add(offset % STACK_ALIGNMENT);
      } else if (area.getSize() >= HUGE && area.getPages() * page >= HUGE) {
        huge.add(offset % HUGE);
      }
      offset += area.getSize();
    }
    long stackPhase = complement(stacks, STACK_ALIGNMENT);
    return huge.isEmpty() ? stackPhase : hugePhase(huge, stackPhase);
  }

  private static long hugePhase(List<Long> huge, long stackPhase) {
    long candidate = complement(huge, HUGE);
    // Stacks are many and always aligned; a huge area may be made of small pages.
    return candidate % STACK_ALIGNMENT == stackPhase ? candidate : stackPhase;
  }

  /** What must be added to make the most frequent of the offsets a multiple. */
  private static long complement(List<Long> offsets, long alignment) {
    TreeMap<Long, Integer> votes = new TreeMap<>();
    offsets.forEach(offset -> votes.merge(offset, 1, Integer::sum));
    return votes.entrySet().stream()
        .max(java.util.Map.Entry.comparingByValue())
        .map(most -> (alignment - most.getKey()) % alignment)
        .orElse(0L);
  }
}
