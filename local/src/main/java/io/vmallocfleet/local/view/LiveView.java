/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.view;

import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.AlertState;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.annotation.Nullable;

/**
 * The stack's voice: steps while it starts and stops, and in between what the pipeline finds.
 *
 * <p>On a terminal it draws one picture over and over, on the ordinary screen, so that the last one
 * stays when the program has ended. Elsewhere it prints {@link PlainLines}, once for each piece of
 * news. Thread safe, so that a shutdown hook may report its steps while the main loop still draws.
 */
public final class LiveView implements AutoCloseable {
  private static final Duration REDRAW_EVERY = Duration.ofSeconds(1);

  private static final String HIDE_CURSOR = "\u001b[?25l";
  private static final String SHOW_CURSOR = "\u001b[?25h";
  private static final String HOME = "\u001b[H";
  private static final String CLEAR_LINE = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";

  private final Terminal terminal;
  private final PrintStream out;
  private final Look look;
  private final Clock clock;
  private final PlainLines plain;

  private @Nullable String step;
  private @Nullable Instant stepBegan;

  private boolean pictured;
  private boolean ended;
  private @Nullable FleetState drawn;
  private @Nullable Instant drawnAt;

  private @Nullable Instant printedWindow;
  private @Nullable Instant printedFleet;
  private @Nullable String printedTrouble;
  private long printedDeadLetters;
  private long printedUnreadable;
  private final Map<String, Instant> printedFindings = new HashMap<>();
  private final Map<String, AlertState> printedAlerts = new HashMap<>();

  public LiveView(Terminal terminal, Clock clock) {
    this.terminal = terminal;
    this.out = terminal.out();
    this.look = terminal.look();
    this.clock = clock;
    this.plain = new PlainLines(clock.getZone());
  }

  /**
   * Begins a step, which ends the one before: {@code starting Kafka... 1.6 s ok}. After the first
   * picture, steps are printed below the last one and no other is drawn.
   */
  public synchronized void progress(String text) {
    endStep(look.tick());
    if (pictured) {
      ended = true;
      out.print(SHOW_CURSOR);
    }
    step = text;
    stepBegan = clock.instant();
    if (terminal.interactive()) {
      out.print(fitted(text + look.ellipsis()));
    } else {
      out.println(text + look.ellipsis());
    }
    out.flush();
  }

  /** Ends the step that was begun last. */
  public synchronized void done() {
    endStep(look.tick());
    out.flush();
  }

  /** Ends the step that was begun last: it did not succeed. */
  public synchronized void failed() {
    endStep(look.cross());
    out.flush();
  }

  /** Everything has started. A terminal's pictures say where it is; elsewhere these lines do. */
  public synchronized void started(Run run) {
    endStep(look.tick());
    if (!terminal.interactive()) {
      plain.run(run).forEach(out::println);
    }
    out.flush();
  }

  /**
   * Shows what is new. To be called often: a terminal is redrawn when the state changed and once a
   * second; until this host's first window the open step goes on counting.
   */
  public synchronized void show(Run run, FleetState state) {
    if (ended) {
      return;
    }
    if (!terminal.interactive()) {
      print(run, state);
    } else if (isDue(state)) {
      drawn = state;
      drawnAt = clock.instant();
      if (state.host(run.hostId()).isPresent() || step == null) {
        draw(new Screen(run, look, clock), state);
      } else {
        out.print("\r" + CLEAR_LINE + fitted(step + look.ellipsis() + " " + elapsed(0)));
      }
    }
    out.flush();
  }

  /** Leaves the last picture where it is and the cursor below it. */
  @Override
  public synchronized void close() {
    if (!ended && pictured) {
      out.print(SHOW_CURSOR);
    }
    ended = true;
    endStep(look.tick());
    out.flush();
  }

  private boolean isDue(FleetState state) {
    return state != drawn
        || drawnAt == null
        || !clock.instant().isBefore(drawnAt.plus(REDRAW_EVERY));
  }

  private void draw(Screen screen, FleetState state) {
    Terminal.Size size = terminal.size().get();
    // The last row stays free, for the cursor and what the terminal echoes there.
    List<String> lines = screen.lines(state, size.columns(), Math.max(1, size.rows() - 1));
    var picture = new StringBuilder();
    if (!pictured) {
      endStep(look.tick());
      // What stands on the terminal scrolls out of the way instead of being overwritten.
      picture.append(HIDE_CURSOR).append("\n".repeat(size.rows()));
      pictured = true;
    }
    picture.append(HOME);
    // Cleared before it is written: behind a full line it would erase the last column.
    lines.forEach(line -> picture.append(CLEAR_LINE).append(line).append("\r\n"));
    picture.append(CLEAR_BELOW);
    out.print(picture);
  }

  private void print(Run run, FleetState state) {
    state.host(run.hostId()).ifPresent(this::printWindows);
    state
        .fleet()
        .filter(fleet -> state.hosts().size() > 1)
        .filter(fleet -> printedFleet == null || fleet.end().isAfter(printedFleet))
        .ifPresent(
            fleet -> {
              plain.fleet(fleet).forEach(out::println);
              printedFleet = fleet.end();
            });
    for (FindingHistory finding : state.findings()) {
      Instant before = printedFindings.put(finding.latest().getFingerprint(), finding.lastSeen());
      if (!finding.lastSeen().equals(before)) {
        out.println(plain.finding(finding, clock.instant()));
      }
    }
    printedFindings
        .keySet()
        .retainAll(state.findings().stream().map(f -> f.latest().getFingerprint()).toList());
    for (Alert alert : state.alerts()) {
      AlertState before = printedAlerts.put(alert.getFingerprint(), alert.getState());
      if (alert.getState() != before) {
        out.println(plain.alert(alert));
      }
    }
    printedAlerts.keySet().retainAll(state.alerts().stream().map(Alert::getFingerprint).toList());
    if (state.deadLetters() != printedDeadLetters) {
      printedDeadLetters = state.deadLetters();
      out.println("dead-letters " + printedDeadLetters);
    }
    if (state.unreadable() != printedUnreadable) {
      printedUnreadable = state.unreadable();
      out.println("unreadable " + printedUnreadable);
    }
    printTrouble(state.trouble());
  }

  /** Every window since the last one printed, as far as the history goes back. */
  private void printWindows(HostHistory host) {
    if (step != null) {
      endStep(look.tick());
    }
    for (int back = host.recent().size() - 1; back >= 0; back--) {
      HostHistory then = host.back(back);
      Instant end = then.latest().getWindowEnd();
      if (printedWindow == null || end.isAfter(printedWindow)) {
        plain.window(then).forEach(out::println);
        printedWindow = end;
      }
    }
  }

  private void printTrouble(Optional<String> trouble) {
    String now = trouble.orElse(null);
    if (now != null && !now.equals(printedTrouble)) {
      out.println("trouble: " + now);
    } else if (now == null && printedTrouble != null) {
      out.println("trouble over");
    }
    printedTrouble = now;
  }

  private void endStep(String mark) {
    if (step == null) {
      return;
    }
    String line = step + look.ellipsis() + " " + elapsed(1) + " " + mark;
    out.println(terminal.interactive() ? "\r" + CLEAR_LINE + fitted(line) : line);
    step = null;
  }

  private String elapsed(int decimals) {
    double seconds = Duration.between(stepBegan, clock.instant()).toMillis() / 1000.0;
    return String.format(Locale.ROOT, "%." + decimals + "f s", seconds);
  }

  /** One that wrapped could not be written over. */
  private String fitted(String line) {
    return Line.fit(line, terminal.size().get().columns() - 1, look);
  }
}
