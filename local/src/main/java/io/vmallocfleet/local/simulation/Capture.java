/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation;

import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import io.vmallocfleet.agent.vmallocinfo.ParserLimits;
import io.vmallocfleet.agent.vmallocinfo.VmallocArea;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.IntStream;

/** A real {@code /proc/vmallocinfo} with real addresses, bundled. */
public enum Capture {
  /** A two-CPU virtual machine, two vmap nodes. */
  LINUX_6_18("x86_64-6.18.txt", "6.18.44", "#1 SMP PREEMPT_DYNAMIC"),

  /** An Ubuntu guest with a desktop (jc's test fixture, MIT licence, Kelly Brazil). */
  LINUX_5_8("x86_64-5.8.txt", "5.8.0-63-generic", "#71-Ubuntu SMP");

  private final String resource;
  private final String kernelRelease;
  private final String kernelBuild;

  Capture(String resource, String kernelRelease, String kernelBuild) {
    this.resource = resource;
    this.kernelRelease = kernelRelease;
    this.kernelBuild = kernelBuild;
  }

  public String kernelRelease() {
    return kernelRelease;
  }

  public String kernelBuild() {
    return kernelBuild;
  }

  /** The text, as the kernel printed it. */
  public byte[] text() {
    try (InputStream in = Capture.class.getResourceAsStream(resource)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("capture " + resource + " in our own jar", e);
    }
  }

  /** Its rows, in its order. */
  public List<VmallocArea> areas() {
    byte[] text = text();
    AreaTable table = new VmallocinfoParser(ParserLimits.longRunning()).parse(text, text.length);
    return IntStream.range(0, table.rows()).mapToObj(table::area).toList();
  }
}
