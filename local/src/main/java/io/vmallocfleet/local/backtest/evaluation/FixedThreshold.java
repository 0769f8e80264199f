/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import io.vmallocfleet.schemas.ByteCount;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * All a host's vmalloc memory above a fixed line, as sysAK and many a monitoring rule have it: the
 * smaller of 6 GiB and 10 % of the host's memory. Kind HEADROOM, on the host as a whole. It keeps
 * one sum a host.
 */
public final class FixedThreshold implements Baseline {
  private static final long BYTES = 6L << 30;
  private static final double SHARE = 0.1;

  private final ToLongFunction<String> memoryBytes;
  private final Map<String, Total> totals = new RecentKeys<>();
  private final Episodes episodes = new Episodes("fixed threshold", "HEADROOM");

  /**
   * @param memoryBytes of a host id; 0 when not known
   */
  public FixedThreshold(ToLongFunction<String> memoryBytes) {
    this.memoryBytes = memoryBytes;
  }

  @Override
  public void observe(Usage usage) {
    Total before = totals.get(usage.hostId());
    if (before != null && before.at.equals(usage.at())) {
      before.bytes += usage.bytes();
      return;
    }
    // The moment is complete when the host's next one begins.
    if (before != null) {
      judge(before);
    }
    totals.put(usage.hostId(), new Total(usage));
  }

  @Override
  public List<AlertSpan> alerts() {
    totals.values().forEach(this::judge);
    return episodes.alerts();
  }

  private void judge(Total total) {
    Episodes.Key host = new Episodes.Key(total.hostId, "", "");
    long memory = memoryBytes.applyAsLong(total.hostId);
    long line = memory > 0 ? Math.min(BYTES, (long) (SHARE * memory)) : BYTES;
    if (total.bytes > line) {
      episodes.bad(
          host,
          total.hostname,
          total.at,
          "%s in vmalloc, above the line of %s."
              .formatted(new ByteCount(total.bytes), new ByteCount(line)));
    } else {
      episodes.good(host, total.at);
    }
  }

  private static final class Total {
    private final Instant at;
    private final String hostId;
    private final String hostname;
    private long bytes;

    Total(Usage first) {
      at = first.at();
      hostId = first.hostId();
      hostname = first.hostname();
      bytes = first.bytes();
    }
  }
}
