/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.feed;

import java.util.List;

/**
 * How the console stands to Kafka.
 *
 * @param progress of the rebuild, 0 to 1; 1 when live
 * @param trouble why nothing can come at the moment, in words for a person; empty while all is well
 * @param missing topics that Kafka does not have so far
 * @param records read since the start
 * @param unreadable of them not a record of ours
 * @param lastRecordAt when the last record came, epoch milliseconds; 0 before the first
 */
public record FeedStatus(
    Phase phase,
    double progress,
    String trouble,
    List<String> missing,
    long records,
    long unreadable,
    String lastUnreadable,
    long lastRecordAt) {

  /** What the feed does. */
  public enum Phase {
    CONNECTING,
    /** Reading what the topics keep, so as to know the last day. */
    REBUILDING,
    LIVE
  }

  static final FeedStatus INITIAL = new FeedStatus(Phase.CONNECTING, 0, "", List.of(), 0, 0, "", 0);
}
