/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.delivery;

import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.Rule;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.UnreadableRecordException;
import java.io.Serializable;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;

/**
 * Something to tell the destinations. A later one of the same key makes an earlier one needless.
 *
 * @param key what it is about: an alert as Alertmanager tells them apart, or a mute
 * @param repeated whether it only says again what was said
 * @param record the alert, or the rule of a mute, in single-object encoding
 * @param destination name of the only one it is for; empty for all
 */
public record Notice(String key, About about, boolean repeated, byte[] record, String destination)
    implements Serializable {

  /** What has to be done. */
  public enum About {
    /** Show the alert as it is: firing, acknowledged or resolved. */
    ALERT,
    /** Nobody has the alert in hand any more. */
    ACKNOWLEDGEMENT_ENDED,
    /** Keep the mute. */
    MUTE,
    MUTE_ENDED
  }

  public static Notice of(Alert alert, boolean repeated) {
    return new Notice(
        alert.getFingerprint()
            + " "
            + Integer.toHexString(new TreeMap<>(alert.getLabels()).hashCode()),
        About.ALERT,
        repeated,
        new SingleObject<>(Alert.class).encode(alert),
        "");
  }

  public static Notice acknowledgementEnded(Alert alert) {
    return new Notice(
        "ack " + alert.getFingerprint(),
        About.ACKNOWLEDGEMENT_ENDED,
        false,
        new SingleObject<>(Alert.class).encode(alert),
        "");
  }

  public static Notice of(Rule mute, boolean repeated) {
    return new Notice(
        mute.getRuleId(),
        mute.getActive() ? About.MUTE : About.MUTE_ENDED,
        repeated,
        new SingleObject<>(Rule.class).encode(mute),
        "");
  }

  Notice onlyFor(String name) {
    return new Notice(key, about, repeated, record, name);
  }

  /** In place of an earlier one that has not been told yet. */
  Notice insteadOf(Notice earlier) {
    return new Notice(key, about, repeated && earlier.repeated, record, destination);
  }

  boolean isFor(String name) {
    return destination.isEmpty() || destination.equals(name);
  }

  Alert alert(SingleObject<Alert> codec) {
    return decode(codec);
  }

  Rule rule(SingleObject<Rule> codec) {
    return decode(codec);
  }

  private <T extends SpecificRecord> T decode(SingleObject<T> codec) {
    try {
      return codec.decode(record);
    } catch (UnreadableRecordException e) {
      throw new IllegalStateException("a notice of this job's own making: " + e.getMessage(), e);
    }
  }
}
