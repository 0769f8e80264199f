/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.explain;

import io.vmallocfleet.agent.explain.Explanation.Extent;
import io.vmallocfleet.agent.vmallocinfo.AddressMode;
import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import io.vmallocfleet.agent.vmallocinfo.MalformedLine;
import io.vmallocfleet.callers.CallerFamily;
import io.vmallocfleet.callers.CallerMeaning;
import io.vmallocfleet.schemas.ByteCount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** An {@link Explanation} for people, in lines of at most the width given. */
public final class ExplanationText {
  /** Enough to know the host by, few enough for a screen or two. */
  private static final int PURPOSES_IN_WORDS = 5;

  private static final int PURPOSES_BY_ADDRESS_SPACE = 1;
  private static final int FREQUENT_CALLERS = 5;
  private static final int ALSO_FREQUENT_CALLERS = 8;
  private static final int MALFORMED_SHOWN = 3;
  private static final int LABEL = 24;
  private static final int MARGIN_OF_MAP = 14;

  private final Explanation explanation;
  private final AreaTable table;
  private final int width;
  private final Ink ink;

  /**
   * @param width columns of the terminal; tables need 80, sentences are content with 40
   */
  public ExplanationText(Explanation explanation, int width, Ink ink) {
    this.explanation = explanation;
    this.table = explanation.table();
    this.width = width;
    this.ink = ink;
  }

  /**
   * What is used and by whom.
   *
   * @param source where the text is from, such as {@code /proc/vmallocinfo}
   */
  public String summary(String source) {
    Page page = new Page(width, ink);
    overview(page, source);
    page.blank();
    purposes(page);
    frequentCallers(page);
    page.blank();
    page.paragraph("", more());
    return page.toString();
  }

  private String more() {
    return explanation.addressSpace().isPresent()
        ? "More: --lines every area and what each caller is for, --between ADDR ADDR why there is a"
            + " hole, --map the address space, --json for scripts."
        : "More: --lines every area and what each caller is for, --json for scripts.";
  }

  private void overview(Page page, String source) {
    page.heading(source);
    malformed(page);
    fact(
        page,
        "Memory used",
        new ByteCount(explanation.memoryBytes()).toString(),
        "RAM: %s of %s (VmallocUsed in meminfo)"
            .formatted(Count.of(explanation.pages(), "page"), Count.bytes(explanation.pageSize())));
    fact(
        page,
        "Address space",
        new ByteCount(explanation.bytes()).toString(),
        "in %s, whether RAM is behind it or not:".formatted(Count.of(explanation.areas(), "area")));
    share(page, "with memory", Share.MEMORY, "their pages, mostly a guard page each");
    share(page, "devices", Share.DEVICES, "devices and firmware mapped, no RAM");
    share(page, "percpu", Share.PERCPU, "reserved; for RAM see Percpu in meminfo");
    share(page, "others' pages", Share.OTHERS_PAGES, "pages of others, mapped here too");
    share(page, "linear map", Share.LOWMEM, "RAM a vendor kernel lists; not counted above");
    share(page, "not purged", Share.UNPURGED, "freed, usable after a TLB flush");
    holes(page);
    fact(page, "Addresses", addressesInAWord(), howToSeeMore(explanation));
  }

  private void share(Page page, String name, Share share, String meaning) {
    Extent extent = explanation.extent(share);
    if (extent.areas() > 0) {
      fact(
          page,
          "  " + name,
          new ByteCount(extent.bytes()).toString(),
          Count.of(extent.areas(), "area") + ": " + meaning);
    }
  }

  private static void fact(Page page, String name, String figure, String words) {
    page.paragraph(Page.left(name, 16) + Page.right(figure, 10) + "  ", " ".repeat(28), words);
  }

  private void malformed(Page page) {
    if (table.malformed() > 0) {
      page.paragraph(
          "",
          "%s of %s could not be understood and %s left out:"
              .formatted(
                  Count.of(table.malformed()),
                  Count.of(table.lines(), "line"),
                  table.malformed() == 1 ? "is" : "are"));
      for (MalformedLine line : table.malformedLines().stream().limit(MALFORMED_SHOWN).toList()) {
        page.paragraph("  line " + line.lineNumber() + ": ", line.reason());
      }
      if (table.malformed() > MALFORMED_SHOWN) {
        page.paragraph("  ", "and so on; the parse command lists them all");
      }
    }
    if (table.duplicates() > 0) {
      page.paragraph(
          "",
          "%s counted once: kernels before 6.9 repeat rows when areas come and go while they print."
              .formatted(Count.of(table.duplicates(), "repeated row")));
    }
  }

  private void holes(Page page) {
    if (explanation.addressSpace().isPresent()) {
      HoleSummary holes = HoleSummary.of(explanation);
      String words = Count.of(holes.all().areas(), "hole");
      if (holes.all().areas() > 0) {
        words +=
            ", the largest %s; %s left by the alignment of the next area, %s more of one page, too small for any area"
                .formatted(
                    Count.bytes(holes.largest()),
                    Count.of(holes.aligned().areas()),
                    Count.of(holes.onePage().areas()));
      }
      fact(page, "Holes", new ByteCount(holes.all().bytes()).toString(), words);
      if (holes.middle() > 0) {
        fact(
            page,
            "  untouched",
            new ByteCount(holes.middle()).toString(),
            "above them all, below the percpu chunks");
      }
    } else if (explanation.runs() > 0) {
      fact(
          page,
          "Holes",
          "unknown",
          "but equal hashes join the %s, freed ones too, to %s without a hole inside"
              .formatted(Count.of(table.rows(), "area"), Count.of(explanation.runs(), "group")));
    }
  }

  private String addressesInAWord() {
    return inAWord(table.mode());
  }

  private static String inAWord(AddressMode mode) {
    return switch (mode) {
      case REAL -> "real";
      case HASHED -> "hashed";
      case ZEROED -> "hidden";
      case PLACEHOLDER -> "hidden";
      case UNKNOWN -> "unknown";
    };
  }

  /** What the way the file shows its addresses allows to say, and how to see more. */
  public static String howToSeeMore(Explanation explanation) {
    String asRoot =
        " Real ones: root with CAP_SYSLOG reads them after \"sysctl kernel.kptr_restrict=1\";"
            + " keep them to yourself, they undo KASLR.";
    return switch (explanation.table().mode()) {
      case REAL -> "order and holes are known; do not publish the file";
      case HASHED ->
          "each address is shown as a hash (kptr_restrict is 0): sizes and callers are right,"
              + " order and holes unknown."
              + asRoot;
      case ZEROED ->
          "each address is shown as 0 (kptr_restrict is 2, or 1 and the reader lacks CAP_SYSLOG):"
              + " sizes and callers are right, order, holes and neighbours unknown."
              + asRoot;
      case PLACEHOLDER ->
          "the kernel could not hash addresses yet, early in boot: sizes and callers are right."
              + " Read the file again.";
      case UNKNOWN -> "no row could be read";
    };
  }

  private void purposes(Page page) {
    if (explanation.purposes().isEmpty()) {
      return;
    }
    page.raw(
        ink.bold(
            Page.left("PURPOSE", LABEL)
                + Page.right("AREAS", 7)
                + Page.right("MEMORY", 10)
                + Page.right("SPACE", 10)
                + "  HOW MANY"));
    Set<Purpose> inWords = inWords();
    for (Purpose purpose : explanation.purposes()) {
      page.paragraph(
          Page.left(purpose.family().label(), LABEL)
              + Page.right(Count.of(purpose.areas()), 7)
              + Page.right(
                  purpose.pages() == 0
                      ? "-"
                      : new ByteCount(purpose.pages() * explanation.pageSize()).toString(),
                  10)
              + Page.right(new ByteCount(purpose.bytes()).toString(), 10)
              + "  ",
          purpose.family().growth());
      if (inWords.contains(purpose)) {
        page.paragraph("  ", inWords(purpose));
      }
    }
  }

  private static String inWords(Purpose purpose) {
    CallerFamily family = purpose.family();
    if (family.slug().equals(CallerFamily.UNKNOWN)) {
      return "Not in our table: " + names(purpose) + ". A module's name is the hint.";
    }
    return family.meaning() + " Growing: " + family.growing();
  }

  private static String names(Purpose purpose) {
    String first =
        purpose.callers().stream()
            .limit(4)
            .map(use -> use.name() + (use.areas() > 1 ? " (" + use.areas() + ")" : ""))
            .collect(Collectors.joining(", "));
    int rest = purpose.callers().size() - 4;
    return rest > 0 ? first + " and " + rest + " more" : first;
  }

  /** The purposes with the most memory and those with the most address space; always unknown. */
  private Set<Purpose> inWords() {
    Set<Purpose> chosen = new HashSet<>();
    explanation.purposes().stream().limit(PURPOSES_IN_WORDS).forEach(chosen::add);
    explanation.purposes().stream()
        .filter(purpose -> !chosen.contains(purpose))
        .sorted(Comparator.comparingLong(Purpose::bytes).reversed())
        .limit(PURPOSES_BY_ADDRESS_SPACE)
        .forEach(chosen::add);
    explanation.purposes().stream()
        .filter(
            purpose ->
                purpose.family().slug().equals(CallerFamily.UNKNOWN)
                    || purpose.family().slug().equals(CallerFamily.UNPURGED))
        .forEach(chosen::add);
    return chosen;
  }

  private void frequentCallers(Page page) {
    List<CallerUse> frequent =
        explanation.callers().stream().filter(use -> use.areas() > 1).toList();
    if (frequent.isEmpty()) {
      return;
    }
    page.blank();
    page.heading("Why one caller appears many times");
    for (CallerUse use : frequent.subList(0, Math.min(FREQUENT_CALLERS, frequent.size()))) {
      page.paragraph(
          "  ",
          "    ",
          "%s: %s, %s: %s"
              .formatted(
                  use.name(), Count.of(use.areas(), "time"), each(use), use.meaning().growth()));
    }
    if (frequent.size() > FREQUENT_CALLERS) {
      page.paragraph(
          "  ",
          "    ",
          frequent.stream()
              .skip(FREQUENT_CALLERS)
              .limit(ALSO_FREQUENT_CALLERS)
              .map(use -> "%d %s".formatted(use.areas(), use.name()))
              .collect(Collectors.joining(", ", "also ", "; --lines says what each is for")));
    }
  }

  private String each(CallerUse use) {
    if (use.smallest() != use.largest()) {
      return "%s to %s".formatted(Count.bytes(use.smallest()), Count.bytes(use.largest()));
    }
    long pages = use.pages() / use.areas();
    boolean guarded =
        use.pages() == pages * use.areas()
            && pages > 0
            && use.smallest() == (pages + 1) * explanation.pageSize();
    return guarded
        ? "each %s and a guard page".formatted(Count.of(pages, "page"))
        : "each " + Count.bytes(use.smallest());
  }

  /** Every area in file order, then what each caller is for. */
  public String lines() {
    Page page = new Page(width, ink);
    boolean addresses = explanation.addressSpace().isPresent();
    page.raw(
        ink.bold(
            Page.right("LINE", 6)
                + (addresses ? "  " + Page.left("START", 18) : "")
                + Page.right("SIZE", 11)
                + Page.right("MEMORY", 11)
                + "  CALLER: PURPOSE"));
    Map<String, CallerMeaning> met = new LinkedHashMap<>();
    for (int row = 0; row < table.rows(); row++) {
      CallerMeaning meaning = explanation.meaning(row);
      met.putIfAbsent(name(meaning), meaning);
      long pages = table.pages(row);
      page.paragraph(
          Page.right(String.valueOf(table.lineNumber(row)), 6)
              + (addresses ? "  " + Page.left(hex(table.start(row)), 18) : "")
              + Page.right(Count.bytes(table.size(row)), 11)
              + Page.right(pages == 0 ? "-" : Count.bytes(pages * explanation.pageSize()), 11)
              + "  ",
          named(row, meaning) + ": " + meaning.family().label());
    }
    page.blank();
    page.heading("What the callers are for");
    met.forEach((name, meaning) -> page.paragraph("  ", "    ", name + ": " + about(meaning)));
    return page.toString();
  }

  private static String about(CallerMeaning meaning) {
    return meaning.known()
        ? "%s Number: %s. Growing: %s"
            .formatted(meaning.purpose(), meaning.growth(), meaning.growthUsuallyMeans())
        : meaning.purpose() + ".";
  }

  private static String name(CallerMeaning meaning) {
    return meaning.module().isEmpty()
        ? meaning.function()
        : meaning.function() + " [" + meaning.module() + "]";
  }

  /** The caller as far as it can be named: a bare address is all the file has of some. */
  private String named(int row, CallerMeaning meaning) {
    long raw = table.rawCaller(row);
    return raw == 0 ? name(meaning) : "0x" + Long.toHexString(raw);
  }

  /** What lies between two addresses, and why. */
  public String between(Between between) {
    Page page = new Page(width, ink);
    between.notes().forEach(note -> page.paragraph("", note));
    between.lower().ifPresent(area -> page.paragraph("lower  ", place(area.row())));
    if (between.verdict() != Between.Verdict.SAME_AREA) {
      between.upper().ifPresent(area -> page.paragraph("upper  ", place(area.row())));
    }
    page.blank();
    page.heading(verdict(between));
    for (Reason reason : between.reasons()) {
      page.paragraph("- ", reason.text());
    }
    if (between.verdict() == Between.Verdict.NOT_NEIGHBOURS) {
      notNeighbours(page, between);
    }
    return page.toString();
  }

  private String verdict(Between between) {
    String size = size(between.bytes());
    return switch (between.verdict()) {
      case NO_AREA -> "There is no area on one side, so there is nothing to be between.";
      case SAME_AREA -> "Both addresses name the same area: there is no hole inside an area.";
      case ADJACENT -> "No hole: the upper area begins where the lower one ends.";
      case OVERLAP ->
          "The two overlap: the kernel changed its areas while it printed them. Read the file again.";
      case OTHER_WINDOW -> size + " apart, in different windows.";
      case NOT_NEIGHBOURS ->
          "%s apart, but not neighbours: %s in use (%s) in between."
              .formatted(
                  size, Count.of(between.busy(), "area"), new ByteCount(between.busyBytes()));
      case HOLE ->
          between.holes().isEmpty()
              ? "No free hole, but %s of address space not in use.".formatted(size)
              : "A hole of %s.".formatted(size);
    };
  }

  private void notNeighbours(Page page, Between between) {
    long free = between.holes().stream().mapToLong(AddressSpace.Hole::bytes).sum();
    page.paragraph(
        "- ",
        "Free in between: %s in %s. Freed and not yet purged: %s in %s."
            .formatted(
                Count.bytes(free),
                Count.of(between.holes().size(), "hole"),
                Count.bytes(between.unpurgedBytes()),
                Count.of(between.unpurged(), "area")));
    if (!between.holes().isEmpty()) {
      page.paragraph("- ", "The largest holes; ask for one with --between:");
      between.holes().stream()
          .sorted(Comparator.comparingLong(AddressSpace.Hole::bytes).reversed())
          .limit(5)
          .forEach(
              hole ->
                  page.raw(
                      "    %s %s %s"
                          .formatted(
                              Page.right(new ByteCount(hole.bytes()).toString(), 10),
                              hex(hole.start()),
                              hex(hole.start() + hole.bytes()))));
    }
  }

  private String place(int row) {
    CallerMeaning meaning = explanation.meaning(row);
    return "%s-%s %s, line %d, %s: %s"
        .formatted(
            hex(table.start(row)),
            hex(table.end(row)),
            size(table.size(row)),
            table.lineNumber(row),
            named(row, meaning),
            meaning.family().label());
  }

  /** {@code 12.0 KiB (12288 bytes)}. */
  private static String size(long bytes) {
    return bytes < 1024 ? bytes + " bytes" : "%s (%d bytes)".formatted(Count.bytes(bytes), bytes);
  }

  private static String hex(long address) {
    return String.format(address >>> 32 == 0 ? "0x%08x" : "0x%016x", address);
  }

  /**
   * The address space as strips.
   *
   * @throws IllegalArgumentException if the file does not show real addresses
   */
  public String map() {
    Page page = new Page(width, ink);
    Set<Character> marks = new HashSet<>();
    AddressMap.Strip previous = null;
    for (AddressMap.Strip strip : AddressMap.of(explanation, cells()).strips()) {
      if (previous != null) {
        page.blank();
        page.paragraph("", apart(previous, strip));
        page.blank();
      }
      strip(page, strip, marks);
      previous = strip;
    }
    page.blank();
    legend(page, marks);
    return page.toString();
  }

  /** The largest power of two that fits, so that a line is a round number of bytes. */
  private int cells() {
    return Integer.highestOneBit(Math.max(16, width - MARGIN_OF_MAP));
  }

  private static String apart(AddressMap.Strip below, AddressMap.Strip above) {
    String distance = new ByteCount(above.start() - below.end()).toString();
    return below.region().window() == above.region().window()
        ? "(%s free: other areas come from the bottom, percpu chunks from the top)"
            .formatted(distance)
        : "(%s that are not vmalloc's)".formatted(distance);
  }

  private void strip(Page page, AddressMap.Strip strip, Set<Character> marks) {
    String name =
        switch (strip.region()) {
          case VMALLOC -> "vmalloc";
          case PERCPU -> "percpu chunks";
          case MODULES -> "modules";
          case UNKNOWN -> "others";
        };
    page.heading(
        "%s, from %s: a cell is %s, a line %s"
            .formatted(
                name,
                hex(strip.start()),
                Count.bytes(strip.cellBytes()),
                Count.bytes(strip.cellBytes() * cells())));
    for (AddressMap.Line line : strip.lines()) {
      String offset = Page.right("+" + Count.bytes(line.offset()), MARGIN_OF_MAP - 2) + "  ";
      if (line.same()) {
        page.raw(offset + ink.dim(stretch(line)));
      } else {
        page.raw(offset + coloured(line.marks()));
      }
      line.marks().chars().forEach(mark -> marks.add((char) mark));
    }
    page.paragraph("  ", figures(strip));
  }

  private static String figures(AddressMap.Strip strip) {
    List<String> figures = new ArrayList<>();
    figures.add(new ByteCount(strip.usedBytes()) + " in use");
    if (strip.unpurgedBytes() > 0) {
      figures.add(new ByteCount(strip.unpurgedBytes()) + " freed and not purged");
    }
    if (strip.holes() > 0) {
      figures.add(new ByteCount(strip.holeBytes()) + " in " + Count.of(strip.holes(), "hole"));
    }
    if (strip.holes() > 1) {
      figures.add("the largest " + new ByteCount(strip.largestHole()));
    }
    return String.join(", ", figures);
  }

  private String stretch(AddressMap.Line line) {
    char mark = line.marks().charAt(0);
    String what = mark == AddressMap.HOLE ? "a hole" : family(mark).label() + " (" + mark + ")";
    return "... %s: %s ...".formatted(Count.bytes(line.bytes()), what);
  }

  private String coloured(String marks) {
    StringBuilder coloured = new StringBuilder();
    int from = 0;
    for (int i = 1; i <= marks.length(); i++) {
      if (i == marks.length() || marks.charAt(i) != marks.charAt(from)) {
        coloured.append(coloured(marks.charAt(from), marks.substring(from, i)));
        from = i;
      }
    }
    return coloured.toString();
  }

  private String coloured(char mark, String text) {
    if (mark == AddressMap.HOLE || family(mark).slug().equals(CallerFamily.UNPURGED)) {
      return ink.dim(text);
    }
    return ink.colour(rank(family(mark)), text);
  }

  /** By memory, so that the colours of the larger purposes differ. */
  private int rank(CallerFamily family) {
    List<Purpose> purposes = explanation.purposes();
    int rank = 0;
    while (!purposes.get(rank).family().equals(family)) {
      rank++;
    }
    return rank;
  }

  private CallerFamily family(char mark) {
    return explanation.knowledge().families().stream()
        .filter(family -> family.mark() == mark)
        .findFirst()
        .orElseThrow();
  }

  private void legend(Page page, Set<Character> marks) {
    List<String> entries = new ArrayList<>();
    List<String> painted = new ArrayList<>();
    for (Purpose purpose : explanation.purposes()) {
      CallerFamily family = purpose.family();
      if (marks.contains(family.mark())) {
        entries.add(family.mark() + " " + family.label());
        painted.add(coloured(family.mark(), String.valueOf(family.mark())) + " " + family.label());
      }
    }
    int columns = Math.max(1, width / (LABEL + 2));
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < entries.size(); i++) {
      line.append(painted.get(i)).append(" ".repeat(LABEL + 2 - entries.get(i).length()));
      if ((i + 1) % columns == 0 || i + 1 == entries.size()) {
        page.raw(line.toString());
        line.setLength(0);
      }
    }
    page.paragraph(
        "",
        "A letter is what takes most of the space used in its cell, however little that is; only a"
            + " dot is empty. Stretches that are the same over whole lines are drawn as one.");
  }
}
