/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import java.util.LinkedHashMap;
import java.util.Map;

/** State by key that forgets the key touched longest ago once there are too many. */
final class RecentKeys<K, V> extends LinkedHashMap<K, V> {
  /** 1,000 hosts of 200 callers; at some 5 KB a key the worst case is 1 GB. */
  static final int MOST = 200_000;

  private static final long serialVersionUID = 1L;

  RecentKeys() {
    super(16, 0.75f, true);
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > MOST;
  }
}
