/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.explain;

import io.vmallocfleet.agent.snapshot.HashChains;
import io.vmallocfleet.agent.snapshot.Layout;
import io.vmallocfleet.agent.vmallocinfo.AddressMode;
import io.vmallocfleet.agent.vmallocinfo.AreaFlag;
import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import io.vmallocfleet.agent.vmallocinfo.CallSites;
import io.vmallocfleet.agent.vmallocinfo.Caller;
import io.vmallocfleet.callers.CallerFamily;
import io.vmallocfleet.callers.CallerKnowledge;
import io.vmallocfleet.callers.CallerMeaning;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One host's areas, added up by what they are for.
 *
 * @param table the areas, which must not be parsed into again
 * @param pageSize bytes, see {@link #pageSize(AreaTable)}
 * @param pages base pages of memory that areas own: the only figure here that is RAM
 * @param shares areas and address space by whether there is memory behind
 * @param purposes those with the most memory first, then those with the most address space; what is
 *     freed and not yet purged is last
 * @param addressSpace where the areas lie; empty unless addresses are real
 * @param runs groups of areas without a hole inside, known by equal hashes; 0 unless hashed
 */
public record Explanation(
    AreaTable table,
    long pageSize,
    long pages,
    Map<Share, Extent> shares,
    List<Purpose> purposes,
    Optional<AddressSpace> addressSpace,
    int runs,
    CallerKnowledge knowledge) {

  private static final long[] PAGE_SIZES = {4096, 16384, 65536, 8192};
  private static final String NO_CALLER = "(no caller)";

  /** How many, and how much address space. */
  public record Extent(int areas, long bytes) {
    static final Extent NONE = new Extent(0, 0);

    Extent plus(long size) {
      return new Extent(areas + 1, bytes + size);
    }
  }

  public static Explanation of(AreaTable table, CallerKnowledge knowledge) {
    Map<Share, Extent> shares = new EnumMap<>(Share.class);
    Map<String, CallerUse> uses = new HashMap<>();
    long pages = 0;
    for (int row = 0; row < table.rows(); row++) {
      long size = table.size(row);
      long owned = table.pages(row);
      pages += owned;
      shares.merge(
          Share.of(table.kind(row), owned),
          new Extent(1, size),
          (sum, one) -> sum.plus(one.bytes()));
      CallerMeaning meaning = meaning(table, row, knowledge);
      uses.merge(
          meaning.function() + " " + meaning.module(),
          new CallerUse(meaning, 1, owned, size, size, size),
          (sum, one) -> sum.plus(one.pages(), one.bytes()));
    }
    return new Explanation(
        table,
        pageSize(table),
        pages,
        shares,
        purposes(uses.values()),
        table.mode() == AddressMode.REAL ? Optional.of(AddressSpace.of(table)) : Optional.empty(),
        table.mode() == AddressMode.HASHED ? runs(table) : 0,
        knowledge);
  }

  /** Areas in use: all but those freed, and linear-map RAM, which is none. */
  public int areas() {
    return table.rows() - extent(Share.UNPURGED).areas() - extent(Share.LOWMEM).areas();
  }

  /** Address space in use. */
  public long bytes() {
    long bytes = 0;
    for (Share share : Share.values()) {
      if (share != Share.UNPURGED && share != Share.LOWMEM) {
        bytes += extent(share).bytes();
      }
    }
    return bytes;
  }

  public long memoryBytes() {
    return pages * pageSize;
  }

  public Extent extent(Share share) {
    return shares.getOrDefault(share, Extent.NONE);
  }

  /** Callers of all purposes, those with the most areas first; what is unpurged has none. */
  public List<CallerUse> callers() {
    return purposes.stream()
        .filter(purpose -> !purpose.family().slug().equals(CallerFamily.UNPURGED))
        .flatMap(purpose -> purpose.callers().stream())
        .sorted(Comparator.comparingInt(CallerUse::areas).reversed())
        .toList();
  }

  public CallerMeaning meaning(int row) {
    return meaning(table, row, knowledge);
  }

  /**
   * Bytes of a base page, by the rows: an area of n pages takes n + 1 with its guard page. 4096
   * where no row tells. (The one who looks may not be the host the file is from.)
   */
  static long pageSize(AreaTable table) {
    int[] votes = new int[PAGE_SIZES.length];
    for (int row = 0; row < table.rows(); row++) {
      for (int i = 0; i < PAGE_SIZES.length && table.pages(row) > 0; i++) {
        votes[i] += table.size(row) == (table.pages(row) + 1) * PAGE_SIZES[i] ? 1 : 0;
      }
    }
    int most = 0;
    for (int i = 1; i < votes.length; i++) {
      most = votes[i] > votes[most] ? i : most;
    }
    return PAGE_SIZES[most];
  }

  private static CallerMeaning meaning(AreaTable table, int row, CallerKnowledge knowledge) {
    if (table.callSite(row) != CallSites.NONE) {
      Caller caller = table.callSites().caller(table.callSite(row));
      return knowledge.meaning(caller.function(), caller.module());
    }
    for (AreaFlag form : List.of(AreaFlag.UNPURGED, AreaFlag.VM_MAP_RAM)) {
      if ((table.flags(row) & form.bit()) != 0) {
        return knowledge.meaning(form.word(), "");
      }
    }
    return knowledge.meaning(NO_CALLER, "");
  }

  private static List<Purpose> purposes(Collection<CallerUse> uses) {
    Map<CallerFamily, List<CallerUse>> byFamily = new LinkedHashMap<>();
    uses.stream()
        .sorted(Comparator.comparingInt(CallerUse::areas).reversed().thenComparing(CallerUse::name))
        .forEach(
            use ->
                byFamily
                    .computeIfAbsent(use.meaning().family(), family -> new ArrayList<>())
                    .add(use));
    return byFamily.entrySet().stream()
        .map(entry -> Purpose.of(entry.getKey(), entry.getValue()))
        .sorted(
            Comparator.comparing(
                    (Purpose purpose) -> purpose.family().slug().equals(CallerFamily.UNPURGED))
                .thenComparing(Comparator.comparingLong(Purpose::pages).reversed())
                .thenComparing(Comparator.comparingLong(Purpose::bytes).reversed())
                .thenComparing(purpose -> purpose.family().slug()))
        .toList();
  }

  private static int runs(AreaTable table) {
    Layout layout = new Layout();
    new HashChains().arrange(table, layout);
    int runs = 0;
    for (int position = 0; position < layout.rows(); position++) {
      runs += layout.gap(position) == Layout.UNKNOWN_GAP ? 1 : 0;
    }
    return runs;
  }
}
