/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.map;

import io.vmallocfleet.agent.Snapshots;
import io.vmallocfleet.agent.explain.AddressSpace;
import io.vmallocfleet.agent.explain.CallerUse;
import io.vmallocfleet.agent.explain.Explanation;
import io.vmallocfleet.agent.explain.ExplanationText;
import io.vmallocfleet.agent.explain.HoleSummary;
import io.vmallocfleet.agent.explain.Purpose;
import io.vmallocfleet.agent.explain.Share;
import io.vmallocfleet.agent.snapshot.SnapshotEncoder;
import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import io.vmallocfleet.agent.vmallocinfo.MalformedLine;
import io.vmallocfleet.agent.vmallocinfo.ParserLimits;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoParser;
import io.vmallocfleet.callers.CallerKnowledge;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.UnreadableRecordException;
import io.vmallocfleet.schemas.VmallocSnapshot;
import io.vmallocfleet.schemas.snapshot.HostBudget;
import io.vmallocfleet.schemas.snapshot.HostIdentity;
import io.vmallocfleet.schemas.snapshot.Region;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.annotation.Nullable;

/**
 * A file somebody pasted, explained. Sizes are bytes. Nothing of it is kept: it lives as long as
 * the answer takes to write.
 *
 * @param howToSeeMore what the file shows of addresses, and how to see more
 * @param holes null unless addresses are real
 */
public record UploadedFile(
    int lines,
    int malformed,
    List<Malformed> malformedLines,
    int repeated,
    String howToSeeMore,
    long pageSize,
    int areas,
    long memoryBytes,
    long addressSpaceBytes,
    Map<String, Explanation.Extent> shares,
    @Nullable HoleSummary holes,
    int runs,
    List<PurposeView> purposes,
    AddressMap map) {
  private static final int SHOWN_MALFORMED = 20;

  /** A line that could not be read. */
  public record Malformed(long line, String reason, String text) {}

  /** What areas are for. */
  public record PurposeView(
      String family,
      String label,
      String meaning,
      String growth,
      String growing,
      int areas,
      long memoryBytes,
      long addressSpaceBytes,
      List<CallerView> callers) {}

  /** One caller of a purpose. */
  public record CallerView(
      String function,
      String module,
      boolean known,
      String purpose,
      int areas,
      long memoryBytes,
      long addressSpaceBytes) {}

  public static UploadedFile of(byte[] text, CallerKnowledge knowledge) {
    AreaTable table =
        new VmallocinfoParser(new ParserLimits(SHOWN_MALFORMED, 8192)).parse(text, text.length);
    Explanation explanation = Explanation.of(table, knowledge);
    Map<String, Explanation.Extent> shares = new LinkedHashMap<>();
    for (Share share : Share.values()) {
      shares.put(share.name().toLowerCase(Locale.ROOT), explanation.extent(share));
    }
    return new UploadedFile(
        table.lines(),
        table.malformed(),
        table.malformedLines().stream().map(UploadedFile::malformed).toList(),
        table.duplicates(),
        ExplanationText.howToSeeMore(explanation),
        explanation.pageSize(),
        explanation.areas(),
        explanation.memoryBytes(),
        explanation.bytes(),
        shares,
        explanation.addressSpace().isPresent() ? HoleSummary.of(explanation) : null,
        explanation.runs(),
        explanation.purposes().stream().map(p -> purpose(p, explanation.pageSize())).toList(),
        AddressMap.of(snapshot(table, explanation), knowledge, bases(explanation)));
  }

  private static Malformed malformed(MalformedLine line) {
    return new Malformed(line.lineNumber(), line.reason(), line.text());
  }

  private static PurposeView purpose(Purpose purpose, long pageSize) {
    List<CallerView> callers = new ArrayList<>();
    for (CallerUse use : purpose.callers()) {
      callers.add(
          new CallerView(
              use.meaning().function(),
              use.meaning().module(),
              use.meaning().known(),
              use.meaning().purpose(),
              use.areas(),
              use.pages() * pageSize,
              use.bytes()));
    }
    return new PurposeView(
        purpose.family().slug(),
        purpose.family().label(),
        purpose.family().meaning(),
        purpose.family().growth(),
        purpose.family().growing(),
        purpose.areas(),
        purpose.pages() * pageSize,
        purpose.bytes(),
        callers);
  }

  /** As an agent would send it: the map is drawn from one form only. */
  private static VmallocSnapshot snapshot(AreaTable table, Explanation explanation) {
    var host =
        new HostIdentity("pasted", "", "", "", "", "", (int) explanation.pageSize(), 0, Map.of());
    byte[] encoded =
        new Snapshots(host, new SnapshotEncoder(false))
            .of(table, new Snapshots.Circumstances(0, 0, 0, 0, 0, HostBudget.UNKNOWN));
    try {
      return new SingleObject<>(VmallocSnapshot.class).decode(encoded);
    } catch (UnreadableRecordException e) {
      throw new IllegalStateException("what our own encoder wrote", e);
    }
  }

  private static AddressMap.Bases bases(Explanation explanation) {
    if (explanation.addressSpace().isEmpty()) {
      return new AddressMap.Bases(0, 0);
    }
    AddressSpace space = explanation.addressSpace().get();
    long vmalloc = 0;
    long modules = 0;
    for (int position = space.count() - 1; position >= 0; position--) {
      if (space.region(position) == Region.MODULES) {
        modules = space.start(position);
      } else {
        vmalloc = space.start(position);
      }
    }
    return new AddressMap.Bases(vmalloc, modules);
  }
}
