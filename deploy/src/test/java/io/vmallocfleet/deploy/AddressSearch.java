/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.deploy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks for kernel addresses in bytes, at every position and in every form in which one could get
 * there: eight bytes either way round, Avro's variable-length numbers, hexadecimal text.
 */
final class AddressSearch {
  private static final Pattern RANGE =
      Pattern.compile("^(?:0x)?(\\p{XDigit}+)-(?:0x)?(\\p{XDigit}+)\\s");
  private static final Pattern TEXT = Pattern.compile("\\p{XDigit}{8,16}");

  private final Set<Long> addresses;

  private AddressSearch(Set<Long> addresses) {
    this.addresses = addresses;
  }

  /** The start and the end of every area in a file like {@code /proc/vmallocinfo}. */
  static AddressSearch ofFile(Path vmallocinfo) throws IOException {
    Set<Long> addresses = new HashSet<>();
    for (String line : Files.readAllLines(vmallocinfo, StandardCharsets.ISO_8859_1)) {
      Matcher range = RANGE.matcher(line);
      if (range.find()) {
        addresses.add(Long.parseUnsignedLong(range.group(1), 16));
        addresses.add(Long.parseUnsignedLong(range.group(2), 16));
      }
    }
    // What a reader without the right to see addresses is shown.
    addresses.remove(0L);
    return new AddressSearch(addresses);
  }

  boolean isEmpty() {
    return addresses.isEmpty();
  }

  /** The first address found, in words. */
  Optional<String> findIn(byte[] bytes) {
    for (int at = 0; at < bytes.length; at++) {
      if (bytes.length - at >= Long.BYTES) {
        ByteBuffer eight = ByteBuffer.wrap(bytes, at, Long.BYTES);
        if (addresses.contains(eight.getLong(at))) {
          return Optional.of("bytes at " + at);
        }
        if (addresses.contains(eight.order(ByteOrder.LITTLE_ENDIAN).getLong(at))) {
          return Optional.of("bytes the other way round at " + at);
        }
      }
      if (addresses.contains(variableLength(bytes, at))) {
        return Optional.of("an Avro number at " + at);
      }
    }
    Matcher text = TEXT.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
    while (text.find()) {
      if (addresses.contains(Long.parseUnsignedLong(text.group(), 16))) {
        return Optional.of("text at " + text.start());
      }
    }
    return Optional.empty();
  }

  /** Avro's long: seven bits a byte, least first, zigzag; 0 where none can begin. */
  private static long variableLength(byte[] bytes, int from) {
    long raw = 0;
    for (int at = from, shift = 0; at < bytes.length && shift < Long.SIZE; at++, shift += 7) {
      raw |= (bytes[at] & 0x7fL) << shift;
      if (bytes[at] >= 0) {
        return raw >>> 1 ^ -(raw & 1);
      }
    }
    return 0;
  }
}
