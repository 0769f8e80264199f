/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import java.util.Locale;

/** A result as an SVG: processor time per snapshot, a bar a variant, Flink's and the broker's. */
final class ResultPicture {
  private static final int WIDTH = 860;
  private static final int LEFT = 210;
  private static final int RIGHT = 150;
  private static final int ROW = 44;
  private static final int TOP = 70;

  private ResultPicture() {}

  static String svg(BenchResult result) {
    double longest =
        result.variants().stream()
            .mapToDouble(v -> v.flinkMicros().most() + v.brokerMicros().median())
            .max()
            .orElse(1);
    double scale = (WIDTH - LEFT - RIGHT) / longest;
    int height = TOP + ROW * result.variants().size() + 40;
    var svg = new StringBuilder();
    append(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"13\">",
        WIDTH,
        height);
    append(svg, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>", WIDTH, height);
    append(
        svg,
        "<text x=\"16\" y=\"26\" font-size=\"16\">Processor time per snapshot of %.0f areas, µs</text>",
        result.filled().areasPerSnapshot());
    append(
        svg,
        "<rect x=\"16\" y=\"40\" width=\"12\" height=\"12\" fill=\"#2b6cb0\"/><text x=\"34\" y=\"51\">Flink, line: least to most</text>"
            + "<rect x=\"220\" y=\"40\" width=\"12\" height=\"12\" fill=\"#b7791f\"/><text x=\"238\" y=\"51\">broker</text>");
    int y = TOP;
    for (VariantResult variant : result.variants()) {
      bar(svg, variant, y, scale);
      y += ROW;
    }
    append(
        svg,
        "<text x=\"16\" y=\"%d\" fill=\"#555\" font-size=\"11\">%s, %d processors, %,d hosts, state in %s, medians of %d runs</text>",
        height - 14,
        result.machine().processor().replaceAll("[<>&\"]", ""),
        result.machine().processors(),
        result.load().hosts(),
        result.stateBackend(),
        result.variants().get(0).runs().size());
    return svg.append("</svg>\n").toString();
  }

  private static void bar(StringBuilder svg, VariantResult variant, int y, double scale) {
    double flink = variant.flinkMicros().median() * scale;
    double broker = variant.brokerMicros().median() * scale;
    append(
        svg, "<text x=\"16\" y=\"%d\">(%s) %s</text>", y + 19, variant.letter(), variant.title());
    append(
        svg,
        "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"26\" fill=\"#2b6cb0\"/>",
        LEFT,
        y,
        flink);
    append(
        svg,
        "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"26\" fill=\"#b7791f\"/>",
        LEFT + flink,
        y,
        broker);
    append(
        svg,
        "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#1a202c\" stroke-width=\"2\"/>",
        LEFT + variant.flinkMicros().least() * scale,
        LEFT + variant.flinkMicros().most() * scale,
        y + 13,
        y + 13);
    append(
        svg,
        "<text x=\"%.1f\" y=\"%d\">%.0f + %.1f µs%s</text>",
        LEFT + Math.max(flink + broker, variant.flinkMicros().most() * scale) + 8,
        y + 18,
        variant.flinkMicros().median(),
        variant.brokerMicros().median(),
        variant.timesCeiling() == null
            ? ""
            : String.format(Locale.ROOT, ", %.1f × (a)", variant.timesCeiling().median()));
  }

  private static void append(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
