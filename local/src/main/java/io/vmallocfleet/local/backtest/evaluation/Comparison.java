/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What rules A would do that rules B would not. Alerts are the same when they agree in kind, host,
 * caller and cohort, and overlap in time; each has at most one partner, the one that fires nearest.
 *
 * @param onlyA alerts without a partner
 * @param pagesMore alerts that page by A and not by B, those without a partner included
 * @param pagesLess the other way round
 * @param earlier pairs in which A fires first
 * @param later pairs in which B fires first
 * @param same pairs that fire together
 */
public record Comparison(
    List<AlertSpan> onlyA,
    List<AlertSpan> onlyB,
    List<AlertSpan> pagesMore,
    List<AlertSpan> pagesLess,
    List<Pair> earlier,
    List<Pair> later,
    int same) {

  /**
   * @param difference from a to b, never negative
   */
  public record Pair(AlertSpan a, AlertSpan b, Duration difference) {}

  public static Comparison of(List<AlertSpan> alertsA, List<AlertSpan> alertsB) {
    List<Pair> candidates = new ArrayList<>();
    for (AlertSpan a : alertsA) {
      for (AlertSpan b : alertsB) {
        if (samePlace(a, b) && overlap(a, b)) {
          candidates.add(new Pair(a, b, Duration.between(a.firedAt(), b.firedAt()).abs()));
        }
      }
    }
    candidates.sort(
        Comparator.comparing(Pair::difference)
            .thenComparing(p -> p.a().firedAt())
            .thenComparing(p -> p.a().id()));
    Set<AlertSpan> paired = new HashSet<>();
    Set<AlertSpan> pairedB = new HashSet<>();
    List<Pair> pairs = new ArrayList<>();
    for (Pair pair : candidates) {
      if (!paired.contains(pair.a()) && !pairedB.contains(pair.b())) {
        paired.add(pair.a());
        pairedB.add(pair.b());
        pairs.add(pair);
      }
    }
    List<AlertSpan> onlyA = alertsA.stream().filter(a -> !paired.contains(a)).toList();
    List<AlertSpan> onlyB = alertsB.stream().filter(b -> !pairedB.contains(b)).toList();
    List<AlertSpan> more = new ArrayList<>(onlyA.stream().filter(AlertSpan::page).toList());
    List<AlertSpan> less = new ArrayList<>(onlyB.stream().filter(AlertSpan::page).toList());
    for (Pair pair : pairs) {
      if (pair.a().page() && !pair.b().page()) {
        more.add(pair.a());
      } else if (pair.b().page() && !pair.a().page()) {
        less.add(pair.b());
      }
    }
    List<Pair> earlier =
        pairs.stream().filter(p -> p.a().firedAt().isBefore(p.b().firedAt())).toList();
    List<Pair> later =
        pairs.stream().filter(p -> p.a().firedAt().isAfter(p.b().firedAt())).toList();
    return new Comparison(
        onlyA,
        onlyB,
        List.copyOf(more),
        List.copyOf(less),
        earlier,
        later,
        pairs.size() - earlier.size() - later.size());
  }

  private static boolean samePlace(AlertSpan a, AlertSpan b) {
    return a.kind().equals(b.kind())
        && a.hostId().equals(b.hostId())
        && a.function().equals(b.function())
        && a.module().equals(b.module())
        && a.cohort().equals(b.cohort());
  }

  private static boolean overlap(AlertSpan a, AlertSpan b) {
    return (a.resolvedAt() == null || !a.resolvedAt().isBefore(b.firedAt()))
        && (b.resolvedAt() == null || !b.resolvedAt().isBefore(a.firedAt()));
  }

  /** For a terminal: one line a difference, control characters taken out. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        "A pages %d more and %d less than B; fires %d earlier, %d later, %d together; only A %d, only B %d%n"
            .formatted(
                pagesMore.size(),
                pagesLess.size(),
                earlier.size(),
                later.size(),
                same,
                onlyA.size(),
                onlyB.size()));
    pagesMore.forEach(a -> text.append(only("pages more", a)));
    pagesLess.forEach(a -> text.append(only("pages less", a)));
    onlyA.stream().filter(a -> !a.page()).forEach(a -> text.append(only("only A", a)));
    onlyB.stream().filter(b -> !b.page()).forEach(b -> text.append(only("only B", b)));
    earlier.forEach(p -> text.append(pair("earlier", p)));
    later.forEach(p -> text.append(pair("later", p)));
    return text.toString();
  }

  private static String only(String word, AlertSpan alert) {
    return "  %-10s  %s\n".formatted(word, Phrases.alert(alert));
  }

  private static String pair(String word, Pair pair) {
    return "  %-10s  by %s: %s\n"
        .formatted(word, Phrases.duration(pair.difference()), Phrases.alert(pair.a()));
  }
}
