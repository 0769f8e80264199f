/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * {@link HostUsage} on its way between tasks, which every snapshot goes: by {@link
 * HostUsageSerializer}, not by Flink's reflection. State keeps Flink's format, which older
 * savepoints hold.
 */
final class HostUsageType extends TypeInformation<HostUsage> {
  private static final long serialVersionUID = 1;

  static final HostUsageType BETWEEN_TASKS = new HostUsageType();

  private HostUsageType() {}

  @Override
  public boolean isBasicType() {
    return false;
  }

  @Override
  public boolean isTupleType() {
    return false;
  }

  @Override
  public int getArity() {
    return 1;
  }

  @Override
  public int getTotalFields() {
    return 1;
  }

  @Override
  public Class<HostUsage> getTypeClass() {
    return HostUsage.class;
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public TypeSerializer<HostUsage> createSerializer(SerializerConfig config) {
    return new HostUsageSerializer();
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof HostUsageType;
  }

  @Override
  public boolean equals(Object other) {
    return canEqual(other);
  }

  @Override
  public int hashCode() {
    return HostUsageType.class.hashCode();
  }

  @Override
  public String toString() {
    return "HostUsage between tasks";
  }
}
