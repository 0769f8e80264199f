/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import static io.vmallocfleet.local.backtest.evaluation.Made.alert;
import static io.vmallocfleet.local.backtest.evaluation.Made.harmless;
import static io.vmallocfleet.local.backtest.evaluation.Made.hour;
import static io.vmallocfleet.local.backtest.evaluation.Made.incident;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Writes target/sample-report.html from made-up series, to be looked at. */
final class SampleReport {
  private static final int DAYS = 8;
  private static final double GIB = 1 << 30;
  private static final Map<String, String> CALLERS =
      Map.of("h1", "htab_map_alloc", "h2", "bucket_table_alloc", "h3", "xfs_buf_alloc", "h4", "a");

  private SampleReport() {}

  public static void main(String[] args) throws IOException {
    Path directory = Files.createDirectories(Path.of(args.length == 0 ? "target" : args[0]));
    Report report = report();
    Files.writeString(directory.resolve("sample-report.html"), ReportHtml.text(report));
    Files.writeString(directory.resolve("sample-report.json"), ReportJson.text(report));
  }

  static Report report() {
    List<Label> labels =
        List.of(
            incident("slow leak of BPF maps", "LEAK", "h1", "htab_map_alloc", 60, 170),
            incident("hash table jump", "JUMP", "h2", "bucket_table_alloc", 100, 130),
            incident("leak nobody saw", "LEAK", "h5", "htab_map_alloc", 100, 150),
            harmless("filling cache", "h3", "xfs_buf_alloc", 30, 120),
            harmless("nightly job", "h4", "a", 70, 75));
    List<AlertSpan> ours =
        List.of(
            alert("1", "LEAK", "PAGE", "h1", "htab_map_alloc", 96, 171.0),
            alert("2", "JUMP", "TICKET", "h2", "bucket_table_alloc", 101.5, 131.0),
            alert("3", "LEAK", "TICKET", "h6", "module <alloc> & co", 150, null));
    List<AlertSpan> others =
        List.of(
            alert("4", "LEAK", "PAGE", "h1", "htab_map_alloc", 120, 171.0),
            alert("5", "LEAK", "PAGE", "h3", "xfs_buf_alloc", 60, 80.0));
    Evaluation evaluation = Evaluation.of(labels, ours, 40, Made.days(DAYS));
    List<DetectorScore> scores = new ArrayList<>();
    scores.add(DetectorScore.of("vmalloc-fleet", evaluation));
    for (Baseline baseline :
        List.of(
            new FixedThreshold(host -> 16L << 30), new LeastSquaresGrowth(), new TrailingMad())) {
      feed(baseline);
      scores.add(
          DetectorScore.of(
              baseline.alerts().isEmpty()
                  ? baseline.getClass().getSimpleName()
                  : baseline.alerts().get(0).detector(),
              Evaluation.of(labels, baseline.alerts(), 40, Made.days(DAYS))));
    }
    return Report.of(
        "Backtest of a made-up week",
        evaluation,
        scores,
        Comparison.of(ours, others),
        (host, function, module) -> series(host));
  }

  private static void feed(Baseline baseline) {
    List<String> hosts = List.of("h1", "h2", "h3", "h4", "h5", "h6");
    List<List<SeriesPoint>> all = hosts.stream().map(SampleReport::series).toList();
    for (int i = 0; i < all.get(0).size(); i++) {
      for (int h = 0; h < hosts.size(); h++) {
        SeriesPoint point = all.get(h).get(i);
        String function = CALLERS.getOrDefault(hosts.get(h), "htab_map_alloc");
        String name = hosts.get(h) + ".example";
        baseline.observe(
            new Usage(point.at(), hosts.get(h), name, function, "", (long) point.value()));
      }
    }
  }

  private static List<SeriesPoint> series(String host) {
    // Neighbouring seeds give nearly the same first numbers.
    Random random = new Random(host.hashCode() * 0x9E3779B97F4A7C15L);
    List<SeriesPoint> points = new ArrayList<>();
    for (int i = 0; i < DAYS * 288; i++) {
      double h = i / 12.0;
      double grown =
          switch (host) {
            case "h1" -> Math.max(0, Math.min(h, 170) - 60) * 0.02;
            case "h2" -> h >= 100 && h < 130 ? 0.8 : 0;
            case "h3" -> h < 30 ? 0 : 1.2 * (1 - Math.exp((30 - h) / 30));
            case "h4" -> h % 24 < 5 ? 0.5 : 0;
            case "h5" -> Math.max(0, Math.min(h, 150) - 100) * 0.004;
            default -> 0.1 * Math.sin(h / 30);
          };
      double noise = 0.02 * random.nextGaussian() + 0.03 * Math.sin(h / 24 * 2 * Math.PI);
      points.add(new SeriesPoint(hour(h), Math.max(0, (0.6 + grown + noise) * GIB)));
    }
    return points;
  }
}
