/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.explain;

import io.vmallocfleet.agent.explain.Reason.Cause;
import io.vmallocfleet.agent.vmallocinfo.AreaKind;
import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import io.vmallocfleet.agent.vmallocinfo.MalformedLine;
import io.vmallocfleet.schemas.snapshot.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What lies between two addresses, and why there is a hole.
 *
 * @param lower the area the lower address names; empty if there is none at or below it
 * @param upper the area the upper address names; empty if there is none at or above it
 * @param notes what a person should know about the addresses given, such as that one is in no area
 * @param bytes from the end of the lower area to the start of the upper; 0 if one is missing
 * @param busy areas in use between them
 * @param busyBytes their address space
 * @param unpurged areas between them that are freed and wait for the next purge
 * @param unpurgedBytes their address space
 * @param holes free ranges between them, from the lowest
 * @param reasons for the hole, where only free and unpurged space is between the two areas
 */
public record Between(
    Verdict verdict,
    Optional<Neighbour> lower,
    Optional<Neighbour> upper,
    List<String> notes,
    long bytes,
    int busy,
    long busyBytes,
    int unpurged,
    long unpurgedBytes,
    List<AddressSpace.Hole> holes,
    List<Reason> reasons) {

  /** One of the two areas: a row of the table and its position in address order. */
  public record Neighbour(int row, int position) {}

  /** How the two lie to each other. */
  public enum Verdict {
    /** There is no area on one side. */
    NO_AREA,
    /** Both addresses name one area. */
    SAME_AREA,
    /** The upper begins where the lower ends. */
    ADJACENT,
    /** Nothing in use is between them. */
    HOLE,
    /** Other areas in use are between them. */
    NOT_NEIGHBOURS,
    /** They lie in different windows. */
    OTHER_WINDOW,
    /** They overlap, because the kernel changed them while it printed. */
    OVERLAP
  }

  /**
   * @param one an address in an area, or where one starts or ends
   * @param other another, in either order
   * @throws IllegalArgumentException if the file does not show real addresses
   */
  public static Between of(Explanation explanation, long one, long other) {
    AddressSpace space = AddressSpace.of(explanation);
    boolean inOrder = Long.compareUnsigned(one, other) <= 0;
    return new Search(explanation, space).between(inOrder ? one : other, inOrder ? other : one);
  }

  private static final class Search {
    private final Explanation explanation;
    private final AreaTable table;
    private final AddressSpace space;
    private final Alignments alignments;
    private final List<String> notes = new ArrayList<>();

    Search(Explanation explanation, AddressSpace space) {
      this.explanation = explanation;
      this.table = explanation.table();
      this.space = space;
      this.alignments = new Alignments(explanation, space);
    }

    Between between(long low, long high) {
      int lower = lower(low, high);
      int upper = upper(high, lower);
      if (lower < 0 || upper >= space.count()) {
        return result(Verdict.NO_AREA, lower, upper, 0, List.of());
      }
      if (lower == upper) {
        return result(Verdict.SAME_AREA, lower, upper, 0, List.of());
      }
      long bytes = space.start(upper) - space.end(lower);
      if (!space.sameWindow(lower, upper)) {
        return result(Verdict.OTHER_WINDOW, lower, upper, bytes, List.of(otherWindow(bytes)));
      }
      if (Long.compareUnsigned(space.start(upper), space.end(lower)) < 0) {
        return result(Verdict.OVERLAP, lower, upper, 0, List.of());
      }
      if (bytes == 0) {
        return result(Verdict.ADJACENT, lower, upper, 0, List.of(guardPage(lower)));
      }
      return anyBusyBetween(lower, upper)
          ? result(Verdict.NOT_NEIGHBOURS, lower, upper, bytes, List.of())
          : result(Verdict.HOLE, lower, upper, bytes, reasons(lower, upper, bytes));
    }

    /** The area that holds the address, or ends there if the upper address is the same. */
    private int lower(long address, long high) {
      int position = space.holding(address);
      if (position > 0 && address == high && space.start(position) == address) {
        return space.end(position - 1) == address ? position - 1 : position;
      }
      if (position >= 0) {
        return position;
      }
      position = space.lastStartingUpTo(address);
      if (position < 0 || space.end(position) != address) {
        noteNoArea(address, "the area below it is taken instead");
      }
      return position;
    }

    /** The area that holds the address, or the one above; one that ends there is meant too. */
    private int upper(long address, int lower) {
      int position = space.holding(address);
      if (position >= 0) {
        return position;
      }
      position = space.lastStartingUpTo(address);
      if (position > lower && space.end(position) == address) {
        return position;
      }
      if (position != lower || lower < 0 || space.end(lower) != address) {
        noteNoArea(address, "the area above it is taken instead");
      }
      return position + 1;
    }

    private void noteNoArea(long address, String instead) {
      String hex = String.format("%08x", address);
      String note = "0x" + hex + " is in no area that could be read; " + instead + ".";
      for (MalformedLine line : table.malformedLines()) {
        if (line.text().contains(hex)) {
          note +=
              " Line %d names it but could not be understood (%s), so what it tells is missing here and the hole may look too large."
                  .formatted(line.lineNumber(), line.reason());
        }
      }
      notes.add(note);
    }

    private boolean anyBusyBetween(int lower, int upper) {
      for (int position = lower + 1; position < upper; position++) {
        if (!space.unpurged(position)) {
          return true;
        }
      }
      return false;
    }

    private Between result(
        Verdict verdict, int lower, int upper, long bytes, List<Reason> reasons) {
      int busy = 0;
      long busyBytes = 0;
      int unpurged = 0;
      long unpurgedBytes = 0;
      for (int position = lower + 1; position < upper && lower >= 0; position++) {
        long size = table.size(space.row(position));
        if (space.unpurged(position)) {
          unpurged++;
          unpurgedBytes += size;
        } else {
          busy++;
          busyBytes += size;
        }
      }
      List<AddressSpace.Hole> holes =
          space.holes().stream()
              .filter(hole -> hole.before() >= lower && hole.before() < upper && lower >= 0)
              .toList();
      return new Between(
          verdict,
          neighbour(lower),
          neighbour(upper),
          List.copyOf(notes),
          bytes,
          busy,
          busyBytes,
          unpurged,
          unpurgedBytes,
          holes,
          reasons);
    }

    private Optional<Neighbour> neighbour(int position) {
      return position < 0 || position >= space.count()
          ? Optional.empty()
          : Optional.of(new Neighbour(space.row(position), position));
    }

    private List<Reason> reasons(int lower, int upper, long bytes) {
      List<Reason> reasons = new ArrayList<>();
      reasons.add(guardPage(lower));
      if (space.region(upper) == Region.PERCPU && space.region(lower) != Region.PERCPU) {
        reasons.add(percpuFromTheTop(bytes));
        return reasons;
      }
      Optional<Reason> unpurged = unpurged(lower, upper, bytes);
      unpurged.ifPresent(reasons::add);
      Optional<Reason> alignment = alignment(lower, upper, bytes);
      alignment.ifPresent(reasons::add);
      if (space.region(upper) == Region.PERCPU) {
        reasons.add(
            new Reason(
                Cause.PERCPU_DISTANCE,
                Reason.UNKNOWN_BYTES,
                "Both are percpu areas. With several NUMA groups a chunk is one area a group, and"
                    + " those keep the distances of the first chunk made at boot, so the space"
                    + " between them may stay free."));
      }
      long skippedEnd = space.end(lower) + bytesOf(alignment);
      long explained =
          bytesOf(unpurged) + bytesOf(alignment) - unpurgedBelow(skippedEnd, lower, upper);
      if (explained < bytes) {
        reasons.add(free(upper, bytes - explained, explained > 0));
        reasons.add(nodePools());
      }
      if (bytes - bytesOf(unpurged) == explanation.pageSize()) {
        reasons.add(tooSmall());
      }
      return reasons;
    }

    /** Bytes of the freed areas between two positions that lie below an address. */
    private long unpurgedBelow(long address, int lower, int upper) {
      long bytes = 0;
      for (int position = lower + 1; position < upper; position++) {
        long below = Math.max(0, address - space.start(position));
        bytes += Math.min(table.size(space.row(position)), below);
      }
      return bytes;
    }

    private static long bytesOf(Optional<Reason> reason) {
      return reason.map(Reason::bytes).orElse(0L);
    }

    private Reason guardPage(int lower) {
      int row = space.row(lower);
      String text;
      long pages = table.pages(row);
      if (table.size(row) == (pages + 1) * explanation.pageSize() && pages > 0) {
        text =
            "Guard pages make no holes: the one of the lower area is the last page of its %d bytes"
                    .formatted(table.size(row))
                + " (%s of memory and 1 guard page).".formatted(Count.of(pages, "page"));
      } else if (table.kind(row) == AreaKind.PERCPU) {
        text = "Guard pages make no holes: percpu areas have none.";
      } else if (table.kind(row) == AreaKind.VM_MAP_RAM) {
        text = "Guard pages make no holes: areas of vm_map_ram have none.";
      } else {
        text = "Guard pages make no holes: where an area has one, it is the last page of its size.";
      }
      return new Reason(Cause.NOT_THE_GUARD_PAGE, 0, text);
    }

    private Optional<Reason> unpurged(int lower, int upper, long bytes) {
      int areas = 0;
      long sum = 0;
      List<Integer> lines = new ArrayList<>();
      for (int position = lower + 1; position < upper; position++) {
        areas++;
        sum += table.size(space.row(position));
        lines.add(table.lineNumber(space.row(position)));
      }
      if (areas == 0) {
        return Optional.empty();
      }
      String text =
          "%s of it %s freed but not yet purged (%s): no memory, and not usable again before the"
                  .formatted(
                      Count.bytes(sum),
                      areas == 1 ? "is an area" : "are " + areas + " areas",
                      lines(lines))
              + " kernel flushes the TLBs for many such areas at once."
              + (sum == bytes ? " That is all of the distance." : "");
      return Optional.of(new Reason(Cause.UNPURGED, sum, text));
    }

    private static String lines(List<Integer> lines) {
      List<String> first = lines.stream().limit(4).map(String::valueOf).toList();
      return (lines.size() == 1 ? "line " : "lines ")
          + String.join(", ", first)
          + (lines.size() > first.size() ? " and so on" : "");
    }

    private Optional<Reason> alignment(int lower, int upper, long bytes) {
      Optional<Alignments.Alignment> alignment = alignments.of(upper);
      if (alignment.isEmpty()) {
        return Optional.empty();
      }
      long first = alignment.get().firstFrom(space.end(lower));
      long skipped = first - space.end(lower);
      if (skipped == 0) {
        return Optional.empty();
      }
      String text = "The upper area is aligned. " + alignment.get().why();
      text +=
          first == space.start(upper)
              ? " The first such address from the end of the lower area on is where it starts:"
                  + " that alone is enough for this hole."
              : " The first such address from the end of the lower area on is 0x%x, which accounts for %s; the area starts %s further up."
                  .formatted(first, Count.bytes(skipped), Count.bytes(space.start(upper) - first));
      return Optional.of(new Reason(Cause.ALIGNMENT, Math.min(skipped, bytes), text));
    }

    private Reason free(int upper, long rest, boolean isRest) {
      String text =
          "%s free. What lay there was freed and purged, or nothing ever did: the file keeps no"
                  .formatted(isRest ? "The other " + Count.bytes(rest) + " are" : "It is")
              + " record of it. The next area that fits may be placed there.";
      Optional<Alignments.Alignment> alignment = alignments.of(upper);
      if (alignment.isPresent()) {
        long wanted = table.size(space.row(upper)) + alignment.get().bytes();
        text +=
            " For an area like the upper one the kernel looks for room for its size and its"
                + " alignment, %s (since 5.2), and passes over a smaller hole that would do."
                    .formatted(Count.bytes(wanted));
      }
      return new Reason(Cause.FREE, rest, text);
    }

    private Reason nodePools() {
      return new Reason(
          Cause.NODE_POOLS,
          Reason.UNKNOWN_BYTES,
          (space.listedByNode()
                  ? "This kernel keeps freed ranges"
                  : "If this kernel is 6.9 or later and 64-bit, it keeps freed ranges")
              + " of up to 256 pages in pools for reuse, one pool a vmap node, and lists them"
              + " nowhere. What is in a pool looks free here, but only an area of the same size gets"
              + " it before the pools are emptied.");
    }

    private Reason tooSmall() {
      return new Reason(
          Cause.TOO_SMALL,
          Reason.UNKNOWN_BYTES,
          "One page is too small to be used: the smallest ordinary area is a page and its guard"
              + " page. It goes when a neighbour is freed.");
    }

    private static Reason percpuFromTheTop(long bytes) {
      return new Reason(
          Cause.PERCPU_FROM_THE_TOP,
          bytes,
          "The upper area is a percpu chunk. Those are taken from the top of the vmalloc window"
              + " downwards, because the areas of a chunk must keep fixed distances; all others are"
              + " taken from the bottom upwards. The hole is the middle of the window, which"
              + " neither side has reached: free space, not a loss.");
    }

    private static Reason otherWindow(long bytes) {
      return new Reason(
          Cause.OTHER_WINDOW,
          bytes,
          "The two lie in different windows of the kernel's address space: modules have one, all"
              + " else another. What is between them does not belong to vmalloc, so it is no hole"
              + " that an area could fill. Where the windows begin is fixed by the architecture, or"
              + " drawn at each boot (KASLR), which moves a window as a whole.");
    }
  }
}
