/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * A series for drawing: of each of 300 equal stretches the lowest and the highest value. A spike of
 * one point stays visible, which it would not if every n-th point were kept.
 */
final class Thinned {
  private static final int STRETCHES = 300;

  private Thinned() {}

  static List<SeriesPoint> of(List<SeriesPoint> points, Span span) {
    List<SeriesPoint> inside =
        points.stream()
            .filter(p -> !p.at().isBefore(span.from()) && !p.at().isAfter(span.to()))
            .filter(p -> Double.isFinite(p.value()))
            .toList();
    if (inside.size() <= 2 * STRETCHES) {
      return inside;
    }
    double from = span.from().toEpochMilli();
    double step = (span.to().toEpochMilli() - from) / STRETCHES;
    List<SeriesPoint> thin = new ArrayList<>();
    int at = 0;
    while (at < inside.size()) {
      int stretch = (int) ((inside.get(at).at().toEpochMilli() - from) / step);
      SeriesPoint low = inside.get(at);
      SeriesPoint high = low;
      for (;
          at < inside.size()
              && (int) ((inside.get(at).at().toEpochMilli() - from) / step) == stretch;
          at++) {
        SeriesPoint point = inside.get(at);
        low = point.value() < low.value() ? point : low;
        high = point.value() > high.value() ? point : high;
      }
      boolean lowFirst = low.at().isBefore(high.at());
      thin.add(lowFirst ? low : high);
      if (low != high) {
        thin.add(lowFirst ? high : low);
      }
    }
    return thin;
  }
}
