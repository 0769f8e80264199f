/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.map;

import io.vmallocfleet.agent.explain.Between;
import io.vmallocfleet.agent.explain.Explanation;
import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import io.vmallocfleet.agent.vmallocinfo.ParserLimits;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoParser;
import io.vmallocfleet.callers.CallerKnowledge;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.annotation.Nullable;

/**
 * Why there is a hole between two areas.
 *
 * @param verdict as {@link Between.Verdict}
 * @param bytes of the hole
 * @param reasons those of {@link io.vmallocfleet.agent.explain.Reason}, the bytes null where they
 *     cannot be known
 */
public record HoleReasons(String verdict, long bytes, List<Why> reasons) {

  /** One thing that can be behind it. */
  public record Why(String cause, @Nullable Long bytes, String text) {}

  /**
   * @param text a file with real addresses
   * @param low where the area below ends
   * @param high where the area above starts
   */
  public static HoleReasons between(String text, long low, long high, CallerKnowledge knowledge) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    AreaTable table = new VmallocinfoParser(ParserLimits.longRunning()).parse(bytes, bytes.length);
    return of(Between.of(Explanation.of(table, knowledge), low, high));
  }

  static HoleReasons of(Between between) {
    return new HoleReasons(
        between.verdict().name(),
        between.bytes(),
        between.reasons().stream()
            .map(
                reason ->
                    new Why(
                        reason.cause().name(),
                        reason.bytes() < 0 ? null : Long.valueOf(reason.bytes()),
                        reason.text()))
            .toList());
  }
}
