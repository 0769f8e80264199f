/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.benchmarks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The least that code can do that looks at every byte, to tell a slow machine from slow code. */
final class Ceiling {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private Ceiling() {}

  static long sumOfLongs(byte[] bytes) {
    long sum = 0;
    for (int at = 0; at <= bytes.length - Long.BYTES; at += Long.BYTES) {
      sum += (long) LONG.get(bytes, at);
    }
    return sum;
  }

  /** What a format of single bytes, such as Avro's, can be read at. */
  static long sumOfBytes(byte[] bytes) {
    long sum = 0;
    for (byte b : bytes) {
      sum += b;
    }
    return sum;
  }
}
