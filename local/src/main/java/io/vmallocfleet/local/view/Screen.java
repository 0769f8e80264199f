/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.view;

import io.vmallocfleet.local.records.CallerName;
import io.vmallocfleet.local.view.Line.Tone;
import io.vmallocfleet.schemas.AddressMode;
import io.vmallocfleet.schemas.AddressWindow;
import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.AlertState;
import io.vmallocfleet.schemas.ByteCount;
import io.vmallocfleet.schemas.CallerUsage;
import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.HostUse;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.Transition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.IntFunction;

/**
 * A fleet's state as the lines of a terminal: where everything is, this host, its callers, the
 * fleet when there is one, the findings. What does not fit is left out at the end of each table,
 * whose title says so.
 */
public final class Screen {
  /** Narrower, nothing lines up any more; the lines are then cut. */
  private static final int MIN_WIDTH = 60;

  private static final int ROOMY_HEIGHT = 32;
  private static final int LABEL = 18;
  private static final int LONGEST_CALLER = 60;

  /** A table: its title, which knows how many items are shown, and items of one or more lines. */
  private record Table(int titleLines, IntFunction<List<Line>> title, List<List<Line>> items) {
    /** With every item shown. */
    int lines() {
      return titleLines + items.stream().mapToInt(List::size).sum();
    }
  }

  private final Run run;
  private final Look look;
  private final Clock clock;

  public Screen(Run run, Look look, Clock clock) {
    this.run = run;
    this.look = look;
    this.clock = clock;
  }

  /** At most {@code height} lines of at most {@code width} columns, escape sequences aside. */
  public List<String> lines(FleetState state, int width, int height) {
    int layoutWidth = Math.max(MIN_WIDTH, width);
    List<Line> lines = new ArrayList<>(header(state, layoutWidth));
    lines.add(new Line());
    lines.addAll(host(state, layoutWidth));

    List<Table> tables = tables(state, layoutWidth);
    int left = height - lines.size();
    boolean roomy =
        height >= ROOMY_HEIGHT
            || tables.stream().mapToInt(Table::lines).sum() + tables.size() <= left;
    int[] shown = share(tables, left - (roomy ? tables.size() : 1));
    for (int i = 0; i < tables.size(); i++) {
      Table table = tables.get(i);
      if (roomy || i == 0) {
        lines.add(new Line());
      }
      lines.addAll(table.title.apply(shown[i]));
      table.items.subList(0, shown[i]).forEach(lines::addAll);
    }
    return lines.stream().limit(height).map(line -> line.render(width, look)).toList();
  }

  private List<Table> tables(FleetState state, int width) {
    List<Table> tables = new ArrayList<>();
    state
        .host(run.hostId())
        .filter(host -> !host.latest().getTopCallers().isEmpty())
        .ifPresent(host -> tables.add(callers(host, width)));
    state
        .fleet()
        .filter(fleet -> state.hosts().size() > 1)
        .ifPresent(fleet -> tables.add(fleet(fleet, width)));
    if (!state.alerts().isEmpty()) {
      tables.add(alerts(state.alerts(), width));
    }
    if (state.alerts().isEmpty() || !state.findingsWithoutAlert().isEmpty()) {
      tables.add(findings(state.findingsWithoutAlert(), width));
    }
    return tables;
  }

  /** Items shown of each table: one more each in turn, findings first, while lines are left. */
  private static int[] share(List<Table> tables, int lines) {
    int[] shown = new int[tables.size()];
    int left = lines - tables.stream().mapToInt(table -> table.titleLines).sum();
    boolean grew = true;
    while (grew) {
      grew = false;
      for (int i = tables.size() - 1; i >= 0; i--) {
        Table table = tables.get(i);
        if (shown[i] < table.items.size() && table.items.get(shown[i]).size() <= left) {
          left -= table.items.get(shown[i]++).size();
          grew = true;
        }
      }
    }
    return shown;
  }

  private List<Line> header(FleetState state, int width) {
    List<Line> lines = new ArrayList<>();
    String up = "up " + Spoken.elapsed(Duration.between(run.startedAt(), clock.instant()));
    lines.add(
        new Line()
            .add("vmalloc-fleet", Tone.BOLD)
            .add("  web UI ", Tone.DIM)
            .add(run.webUi())
            .add("  Kafka ", Tone.DIM)
            .add(run.kafka())
            .endingAt(width, up, Tone.PLAIN));
    String times =
        "windows of %s, agent reads every %s"
            .formatted(Spoken.duration(run.window()), Spoken.duration(run.agentInterval()));
    lines.add(
        new Line()
            .add("data ", Tone.DIM)
            .add(Line.fit(run.data().toString(), width - times.length() - 8, look))
            .endingAt(width, times, Tone.PLAIN));
    lines.add(
        new Line()
            .add("SQL  ", Tone.DIM)
            .add("./vmalloc-fleet sql")
            .add("  or  ", Tone.DIM)
            .add(run.jdbcUrl()));
    if (run.sample() != null) {
      lines.add(
          new Line()
              .add(" SAMPLE DATA ", Tone.LOUD)
              .add(" not this machine's numbers: a bundled sample is shown, because", Tone.YELLOW));
      Line.wrap(run.sample(), width - 14)
          .forEach(text -> lines.add(new Line().to(14).add(text, Tone.YELLOW)));
    }
    state.trouble().ifPresent(why -> lines.add(new Line().add("! " + why, Tone.RED)));
    if (state.deadLetters() > 0) {
      String last = state.lastDeadLetter().map(letter -> ", the last " + reason(letter)).orElse("");
      lines.add(
          new Line()
              .add(
                  "! "
                      + Spoken.count(state.deadLetters(), "record")
                      + " the pipeline could not use",
                  Tone.YELLOW)
              .add(last));
    }
    if (state.unreadable() > 0) {
      lines.add(
          new Line()
              .add(
                  "! "
                      + Spoken.count(state.unreadable(), "record")
                      + " of the pipeline could not be"
                      + " decoded here",
                  Tone.YELLOW));
    }
    return lines;
  }

  private static String reason(DeadLetter letter) {
    return letter.getReason() + ": " + letter.getDetail();
  }

  private List<Line> host(FleetState state, int width) {
    String title = run.sample() == null ? "THIS HOST" : "SAMPLE HOST";
    HostHistory host = state.host(run.hostId()).orElse(null);
    if (host == null) {
      return List.of(new Line().add(title, Tone.BOLD).add("  no window so far"));
    }
    HostWindow latest = host.latest();
    List<Line> lines = new ArrayList<>();
    lines.add(
        new Line()
            .add(title, Tone.BOLD)
            .add("  " + latest.getHostname(), Tone.BOLD)
            .add("   kernel ", Tone.DIM)
            .add(latest.getCohort().getKernelRelease())
            .add(" " + latest.getCohort().getArchitecture())
            .add("   addresses ", Tone.DIM)
            .add(mode(latest.getAddressMode())));
    lines.add(lastWindow(host));
    if (latest.getBlind() != null) {
      lines.addAll(labelled("not visible", "to the agent: " + latest.getBlind(), width));
      return lines;
    }
    lines.addAll(totals(host));
    if (latest.getMalformedLines() > 0) {
      lines.addAll(
          labelled(
              "not counted",
              Spoken.count(latest.getMalformedLines(), "line") + " the agent could not parse",
              width));
    }
    lines.addAll(fragmentation(latest, width));
    return lines;
  }

  private Line lastWindow(HostHistory host) {
    HostWindow latest = host.latest();
    Duration age = Duration.between(latest.getWindowEnd(), clock.instant());
    boolean stale = age.compareTo(run.window().multipliedBy(3).plusSeconds(30)) > 0;
    return label("window")
        .add(Spoken.window(latest.getWindowStart(), latest.getWindowEnd(), clock.getZone()))
        .add(", ended ")
        .add(Spoken.elapsed(age) + " ago", stale ? Tone.RED : Tone.PLAIN)
        .add(", " + Spoken.count(host.windows(), "window") + " so far");
  }

  private static List<Line> totals(HostHistory host) {
    HostWindow latest = host.latest();
    long memTotal = latest.getMemory().getMemTotalBytes();
    long spaceTotal = latest.getMemory().getVmallocTotalBytes();
    OptionalLong areas = host.areasChange();
    Line memory =
        label("memory held")
            .endingAt(LABEL + 10, size(latest.getBytes()), Tone.BOLD)
            .add("  " + of(memTotal, "RAM"))
            .to(50)
            .add("change ", Tone.DIM)
            .add(Spoken.bytesChange(host.bytesChange()), tone(host.bytesChange()));
    Line space =
        label("address space")
            .endingAt(LABEL + 10, size(latest.getMappedBytes()), Tone.PLAIN)
            .add("  " + of(spaceTotal, ""))
            .to(50)
            .add("guard pages ", Tone.DIM)
            .add(size(latest.getGuardBytes()));
    Line counts =
        label("areas")
            .endingAt(LABEL + 10, Spoken.count(latest.getAreas()), Tone.PLAIN)
            .add("  ")
            .add(areasChange(areas), tone(areas))
            .to(50)
            .add("unpurged ", Tone.DIM)
            .add(Spoken.count(latest.getUnpurgedAreas()))
            .add(" (" + size(latest.getUnpurgedBytes()) + ")");
    return List.of(memory, space, counts);
  }

  private static String of(long total, String what) {
    return total > 0 ? ("of " + size(total) + " " + what).strip() : "";
  }

  private static String areasChange(OptionalLong change) {
    return change.isEmpty() || change.getAsLong() == 0
        ? ""
        : String.format(Locale.ROOT, "%+,d", change.getAsLong());
  }

  private List<Line> fragmentation(HostWindow host, int width) {
    Fragmentation fragmentation = Fragmentation.of(host);
    List<Line> lines = new ArrayList<>();
    if (!fragmentation.windows().isEmpty()) {
      lines.add(
          label("fragmentation")
              .endingAt(LABEL + 10, "USED", Tone.DIM)
              .endingAt(LABEL + 19, "HOLES", Tone.DIM)
              .endingAt(LABEL + 31, "IN HOLES", Tone.DIM)
              .endingAt(LABEL + 43, "LARGEST", Tone.DIM)
              .endingAt(LABEL + 56, "UNUSABLE 1M", Tone.DIM)
              .endingAt(LABEL + 62, "2M", Tone.DIM));
      fragmentation.windows().forEach(window -> lines.add(addressWindow(window)));
    }
    if (fragmentation.unknown() != null) {
      lines.addAll(
          labelled(
              fragmentation.windows().isEmpty() ? "fragmentation" : "",
              "unknown: " + fragmentation.unknown(),
              width));
    }
    return lines;
  }

  private static Line addressWindow(AddressWindow window) {
    return new Line()
        .add("    " + window.getRegion().toString().toLowerCase(Locale.ROOT))
        .endingAt(LABEL + 10, size(window.getUsedBytes()), Tone.PLAIN)
        .endingAt(LABEL + 19, Spoken.count(window.getHoles()), Tone.PLAIN)
        .endingAt(LABEL + 31, size(window.getHoleBytes()), Tone.PLAIN)
        .endingAt(LABEL + 43, size(window.getLargestHoleBytes()), Tone.PLAIN)
        .endingAt(LABEL + 56, share(Fragmentation.unusableFor(window, 1 << 20)), Tone.PLAIN)
        .endingAt(LABEL + 62, share(Fragmentation.unusableFor(window, 2 << 20)), Tone.PLAIN);
  }

  private static String share(OptionalDouble share) {
    return share.isEmpty() ? "-" : String.format(Locale.ROOT, "%.0f%%", 100 * share.getAsDouble());
  }

  private Table callers(HostHistory host, int width) {
    HostWindow latest = host.latest();
    int name =
        callerColumn(
            latest.getTopCallers().stream()
                .map(caller -> new CallerName(caller.getFunction(), caller.getModule()))
                .toList(),
            width - 46);
    List<List<Line>> rows = new ArrayList<>();
    for (CallerUsage caller : latest.getTopCallers()) {
      OptionalLong change = host.bytesChange(caller);
      rows.add(
          List.of(
              new Line()
                  .add("  " + fit(new CallerName(caller.getFunction(), caller.getModule()), name))
                  .endingAt(2 + name + 8, Spoken.count(caller.getAreas()), Tone.PLAIN)
                  .endingAt(2 + name + 20, size(caller.getBytes()), Tone.PLAIN)
                  .endingAt(2 + name + 32, Spoken.bytesChange(change), tone(change))
                  .endingAt(2 + name + 44, size(caller.getMappedBytes()), Tone.PLAIN)));
    }
    IntFunction<List<Line>> title =
        shown ->
            List.of(
                new Line()
                    .add("CALLERS", Tone.BOLD)
                    .add(" " + shownOf(shown, latest.getCallers()), Tone.DIM)
                    .endingAt(2 + name + 8, "AREAS", Tone.DIM)
                    .endingAt(2 + name + 20, "MEMORY", Tone.DIM)
                    .endingAt(2 + name + 32, "CHANGE", Tone.DIM)
                    .endingAt(2 + name + 44, "ADDR SPACE", Tone.DIM));
    return new Table(1, title, rows);
  }

  private Table fleet(FleetWindow fleet, int width) {
    int name = callerColumn(fleet.callers().stream().map(FleetCaller::name).toList(), width - 62);
    List<List<Line>> rows = new ArrayList<>();
    for (FleetCaller caller : fleet.callers()) {
      rows.add(
          List.of(
              new Line()
                  .add("  " + fit(caller.name(), name))
                  .endingAt(2 + name + 7, Spoken.count(caller.hosts()), Tone.PLAIN)
                  .endingAt(2 + name + 18, size(caller.bytes()), Tone.PLAIN)
                  .endingAt(2 + name + 29, quantile(caller.p50Bytes()), Tone.PLAIN)
                  .endingAt(2 + name + 40, quantile(caller.p99Bytes()), Tone.PLAIN)
                  .add("  ")
                  .add(caller.worst().map(Screen::worst).orElse(""))));
    }
    IntFunction<List<Line>> title =
        shown ->
            List.of(
                new Line()
                    .add("FLEET", Tone.BOLD)
                    .add("  " + Spoken.count(fleet.hosts(), "host"))
                    .add("   memory held ", Tone.DIM)
                    .add(size(fleet.bytes()))
                    .add("   window ", Tone.DIM)
                    .add(Spoken.window(fleet.start(), fleet.end(), clock.getZone())),
                new Line()
                    .add("  CALLER " + shownOf(shown, fleet.callers().size()), Tone.DIM)
                    .endingAt(2 + name + 7, "HOSTS", Tone.DIM)
                    .endingAt(2 + name + 18, "MEMORY", Tone.DIM)
                    .endingAt(2 + name + 29, "P50/HOST", Tone.DIM)
                    .endingAt(2 + name + 40, "P99/HOST", Tone.DIM)
                    .add("  ")
                    .add("MOST ON", Tone.DIM));
    return new Table(2, title, rows);
  }

  private static String worst(HostUse host) {
    return host.getHostname() + " " + size(host.getBytes());
  }

  private Table alerts(List<Alert> alerts, int width) {
    long open = alerts.stream().filter(alert -> alert.getState() != AlertState.RESOLVED).count();
    IntFunction<List<Line>> title =
        shown ->
            List.of(
                new Line()
                    .add("ALERTS", Tone.BOLD)
                    .add("  " + Spoken.count(open) + " open")
                    .add(shown < alerts.size() ? ", the last " + shown + " shown" : ""));
    return new Table(1, title, alerts.stream().map(alert -> alert(alert, width)).toList());
  }

  private List<Line> alert(Alert alert, int width) {
    boolean over = alert.getState() == AlertState.RESOLVED;
    String since =
        "%s%s, since %s, for %s"
            .formatted(
                alert.getFlapping() ? "flapping, " : "",
                alert.getSeverity().toString().toLowerCase(Locale.ROOT),
                Spoken.moment(alert.getPendingSince(), clock.instant(), clock.getZone()),
                alert.getOwner());
    String said = over ? lastReason(alert) : alert.getFinding().getSentence();
    List<String> words = Line.wrap(said, width - 16);
    List<Line> lines = new ArrayList<>();
    lines.add(
        new Line()
            .add("  ")
            .add(alert.getState().name(), over ? Tone.DIM : Tone.RED)
            .to(16)
            .add(words.get(0)));
    words.subList(1, words.size()).forEach(text -> lines.add(new Line().to(16).add(text)));
    lines.add(new Line().to(16).add(since, Tone.DIM));
    return lines;
  }

  private static String lastReason(Alert alert) {
    List<Transition> changes = alert.getTransitions();
    String why = changes.isEmpty() ? "" : changes.get(changes.size() - 1).getReason();
    Finding finding = alert.getFinding();
    String where = finding.getHostname() == null ? "the fleet" : finding.getHostname();
    String what =
        finding.getFunction().isEmpty()
            ? finding.getKind().name()
            : new CallerName(finding.getFunction(), finding.getModule()).toString();
    return "%s on %s: %s".formatted(what, where, why);
  }

  private Table findings(List<FindingHistory> findings, int width) {
    IntFunction<List<Line>> title =
        shown ->
            List.of(
                findings.isEmpty()
                    ? new Line().add("FINDINGS", Tone.BOLD).add("  none so far")
                    : new Line()
                        .add("FINDINGS", Tone.BOLD)
                        .add("  " + findings.size())
                        .add(shown < findings.size() ? ", the last " + shown + " shown" : ""));
    return new Table(1, title, findings.stream().map(finding -> finding(finding, width)).toList());
  }

  private List<Line> finding(FindingHistory history, int width) {
    Finding finding = history.latest();
    Instant now = clock.instant();
    String seen =
        "%s, first %s, last %s"
            .formatted(
                Spoken.count(history.windows(), "window"),
                Spoken.moment(history.firstSeen(), now, clock.getZone()),
                Spoken.moment(history.lastSeen(), now, clock.getZone()));
    List<String> words = Line.wrap(finding.getSentence(), width - 8);
    List<Line> lines = new ArrayList<>();
    lines.add(
        new Line()
            .add("  ")
            .add(String.format(Locale.ROOT, "%-4s", finding.getKind()), Tone.RED)
            .to(8)
            .add(words.get(0)));
    words.subList(1, words.size()).forEach(text -> lines.add(new Line().to(8).add(text)));
    Line last = lines.get(lines.size() - 1);
    if (last.width() + 3 + seen.length() <= width) {
      last.endingAt(width, seen, Tone.DIM);
    } else {
      lines.add(new Line().to(8).add(seen, Tone.DIM));
    }
    return lines;
  }

  private static Line label(String text) {
    return new Line().add("  " + text, Tone.DIM).to(LABEL);
  }

  private static List<Line> labelled(String label, String text, int width) {
    List<Line> lines = new ArrayList<>();
    for (String words : Line.wrap(text, width - LABEL)) {
      lines.add((lines.isEmpty() ? label(label) : new Line().to(LABEL)).add(words, Tone.YELLOW));
    }
    return lines;
  }

  private static int callerColumn(List<CallerName> names, int available) {
    int longest = names.stream().mapToInt(name -> Line.columns(name.toString())).max().orElse(0);
    return Math.max(16, Math.min(Math.min(longest, LONGEST_CALLER), available));
  }

  /** The name in that many columns; the module stays readable, the function is cut. */
  private String fit(CallerName caller, int columns) {
    String whole = caller.toString();
    int module = caller.module().isEmpty() ? 0 : Line.columns(caller.module()) + 3;
    if (Line.columns(whole) <= columns || module == 0 || module > columns / 2) {
      return Line.fit(whole, columns, look);
    }
    String function = new CallerName(caller.function(), "").toString();
    return Line.fit(function, columns - module, look) + whole.substring(whole.length() - module);
  }

  private static String shownOf(int shown, int all) {
    return shown < all ? shown + " of " + all : String.valueOf(all);
  }

  private static String quantile(double bytes) {
    return Double.isNaN(bytes) ? "?" : size(Math.round(bytes));
  }

  private static String size(long bytes) {
    return new ByteCount(bytes).toString();
  }

  private static Tone tone(OptionalLong change) {
    if (change.isEmpty() || change.getAsLong() == 0) {
      return Tone.DIM;
    }
    // Red is for findings: growth alone is none.
    return change.getAsLong() > 0 ? Tone.YELLOW : Tone.GREEN;
  }

  private static String mode(AddressMode mode) {
    return switch (mode) {
      case REAL -> "shown";
      case HASHED -> "hashed";
      case ZEROED -> "hidden";
      case PLACEHOLDER -> "not ready";
      case UNKNOWN -> "unknown";
    };
  }
}
