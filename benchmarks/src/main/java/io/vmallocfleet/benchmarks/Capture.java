/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.benchmarks;

import io.vmallocfleet.agent.vmallocinfo.AddressMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A real {@code /proc/vmallocinfo}, bundled with the agent's tests. */
public enum Capture {
  /** A desktop guest: three of four rows are vmalloc memory. */
  LINUX_5_8("x86_64_5.8_ubuntu_vmware_jc_fixture.txt", AddressMode.REAL),
  /** A server guest: two of three rows are unpurged. */
  LINUX_6_18_HASHED("x86_64_6.18_kptr0_hashed.txt", AddressMode.HASHED),
  /** The same, read without CAP_SYSLOG. */
  LINUX_6_18_ZEROED("x86_64_6.18_kptr1_nocapsyslog.txt", AddressMode.ZEROED);

  private final String resource;
  private final AddressMode mode;

  Capture(String resource, AddressMode mode) {
    this.resource = resource;
    this.mode = mode;
  }

  AddressMode mode() {
    return mode;
  }

  List<String> rows() {
    try (InputStream in = Capture.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("capture " + resource + " in our own jar", e);
    }
  }
}
