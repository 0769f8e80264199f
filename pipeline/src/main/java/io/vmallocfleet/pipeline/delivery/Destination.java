/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.delivery;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Somebody who is told. Used by one thread; answers come on any. */
interface Destination {
  /** Names it in state, log and metrics; no secret in it. */
  String name();

  /** Whether it cares for that. */
  boolean wants(Notice notice);

  /**
   * Tells it, in this order.
   *
   * @return done when it has them all; failed when it has to be tried again
   */
  CompletableFuture<Void> tell(List<Notice> notices);
}
