/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.explain;

import io.vmallocfleet.callers.CallerFamily;
import io.vmallocfleet.schemas.snapshot.Region;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.IntFunction;

/**
 * The address space as strips of cells, one strip for each part that areas cluster in. A strip is
 * to scale, but what is the same over whole lines is drawn as one short line, so that a hole of
 * terabytes takes no more room than one of megabytes. Each strip has the smallest cells, a power of
 * two, that keep it within {@link #MOST_LINES} lines and its smallest area within sixteen cells.
 *
 * @param strips from the lowest addresses
 */
public record AddressMap(List<Strip> strips) {
  static final int MOST_LINES = 16;

  /** Mark of a cell that no area reaches into. */
  public static final char HOLE = '.';

  /**
   * One part.
   *
   * @param start address of the first cell
   * @param end of the last area
   * @param cellBytes a power of two
   * @param usedBytes of areas in use
   * @param unpurgedBytes of areas freed and not purged
   * @param holes between its areas
   * @param holeBytes their sum
   * @param largestHole bytes
   */
  public record Strip(
      Region region,
      long start,
      long end,
      long cellBytes,
      long usedBytes,
      long unpurgedBytes,
      int holes,
      long holeBytes,
      long largestHole,
      List<Line> lines) {}

  /**
   * A line of cells, or a stretch that is the same all over.
   *
   * @param offset bytes from the start of the strip
   * @param bytes of address space it stands for
   * @param marks of {@link CallerFamily#mark}, or {@link #HOLE}: what takes most of the space used
   *     in each cell, however little; a single one where {@code same}
   */
  public record Line(long offset, long bytes, String marks, boolean same) {}

  /**
   * @param columns cells of a line
   * @throws IllegalArgumentException if the file does not show real addresses
   */
  public static AddressMap of(Explanation explanation, int columns) {
    AddressSpace space = AddressSpace.of(explanation);
    List<Strip> strips = new ArrayList<>();
    int from = 0;
    for (int position = 1; position <= space.count(); position++) {
      if (position == space.count() || space.region(position) != space.region(from)) {
        strips.add(new Drawing(explanation, space, from, position, columns).strip());
        from = position;
      }
    }
    return new AddressMap(strips);
  }

  /** The areas of one region, at positions from to to - 1. */
  private static final class Drawing {
    private final AddressSpace space;
    private final int from;
    private final int to;
    private final int columns;
    private final IntFunction<CallerFamily> family;
    private long start;
    private long lineBytes;

    Drawing(Explanation explanation, AddressSpace space, int from, int to, int columns) {
      this.space = space;
      this.from = from;
      this.to = to;
      this.columns = columns;
      this.family = position -> explanation.meaning(space.row(position)).family();
      this.lineBytes = columns * Math.max(explanation.pageSize(), smallestArea() / 16);
    }

    private long smallestArea() {
      long smallest = Long.MAX_VALUE;
      for (int position = from; position < to; position++) {
        smallest = Math.min(smallest, space.end(position) - space.start(position));
      }
      return Long.highestOneBit(smallest);
    }

    Strip strip() {
      while (true) {
        start = space.start(from) & -(lineBytes / columns);
        List<Line> lines = lines(borders());
        if (lines.size() <= MOST_LINES) {
          return strip(lines);
        }
        lineBytes *= 2;
      }
    }

    private Strip strip(List<Line> lines) {
      long used = 0;
      long unpurged = 0;
      int holes = 0;
      long holeBytes = 0;
      long largest = 0;
      for (int position = from; position < to; position++) {
        long size = space.end(position) - space.start(position);
        if (space.unpurged(position)) {
          unpurged += size;
        } else {
          used += size;
        }
        long hole = position + 1 < to ? space.start(position + 1) - space.end(position) : 0;
        if (hole > 0) {
          holes++;
          holeBytes += hole;
          largest = Math.max(largest, hole);
        }
      }
      return new Strip(
          space.region(from),
          start,
          space.end(to - 1),
          lineBytes / columns,
          used,
          unpurged,
          holes,
          holeBytes,
          largest,
          lines);
    }

    /** Numbers of the lines in which an area starts or ends: all others are the same all over. */
    private NavigableSet<Long> borders() {
      NavigableSet<Long> numbers = new TreeSet<>();
      for (int position = from; position < to; position++) {
        numbers.add((space.start(position) - start) / lineBytes);
        numbers.add((space.end(position) - 1 - start) / lineBytes);
        if (numbers.size() > MOST_LINES) {
          break;
        }
      }
      return numbers;
    }

    private List<Line> lines(NavigableSet<Long> borders) {
      List<Line> lines = new ArrayList<>();
      int position = from;
      long next = 0;
      for (long number : borders) {
        if (number > next) {
          lines.add(between(next, number, position));
        }
        while (position + 1 < to && space.end(position) - start <= number * lineBytes) {
          position++;
        }
        lines.add(cells(number, position));
        next = number + 1;
        if (lines.size() > MOST_LINES) {
          break;
        }
      }
      return lines;
    }

    /** The lines from one number to before another, by what lies at the first of them. */
    private Line between(long line, long next, int position) {
      long offset = line * lineBytes;
      char mark = HOLE;
      for (int i = position; i < to && space.start(i) - start <= offset; i++) {
        if (space.end(i) - start > offset) {
          mark = family.apply(i).mark();
        }
      }
      return new Line(offset, (next - line) * lineBytes, String.valueOf(mark), true);
    }

    private Line cells(long number, int firstPosition) {
      long offset = number * lineBytes;
      StringBuilder marks = new StringBuilder();
      long cellBytes = lineBytes / columns;
      int position = firstPosition;
      for (int column = 0; column < columns; column++) {
        long cell = offset + column * cellBytes;
        if (cell >= space.end(to - 1) - start) {
          break;
        }
        while (position + 1 < to && space.end(position) - start <= cell) {
          position++;
        }
        marks.append(mark(cell, cell + cellBytes, position));
      }
      return new Line(offset, lineBytes, marks.toString(), false);
    }

    /** What takes most of the space used in a cell. */
    private char mark(long cell, long cellEnd, int firstPosition) {
      Map<Character, Long> bytes = new LinkedHashMap<>();
      for (int i = firstPosition; i < to && space.start(i) - start < cellEnd; i++) {
        long covered =
            Math.min(space.end(i) - start, cellEnd) - Math.max(space.start(i) - start, cell);
        if (covered > 0) {
          bytes.merge(family.apply(i).mark(), covered, Long::sum);
        }
      }
      return bytes.entrySet().stream()
          .max(Map.Entry.comparingByValue())
          .map(Map.Entry::getKey)
          .orElse(HOLE);
    }
  }
}
