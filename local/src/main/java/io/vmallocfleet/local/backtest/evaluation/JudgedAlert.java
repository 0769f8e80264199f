/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import java.util.List;

/**
 * An alert and what it was worth.
 *
 * @param labelIds labels it lies on, in their order
 */
public record JudgedAlert(AlertSpan alert, Verdict verdict, List<String> labelIds) {
  public JudgedAlert {
    labelIds = List.copyOf(labelIds);
  }
}
