/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.up;

import io.vmallocfleet.agent.host.HostFiles;
import io.vmallocfleet.agent.host.HostIdentities;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoReader;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoUnavailable;
import io.vmallocfleet.local.simulation.Capture;
import io.vmallocfleet.schemas.snapshot.HostIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The file to read and the host it is published as: this host's own, or a bundled sample under the
 * name {@code SAMPLE} where the own one cannot be read.
 *
 * @param whySample what keeps the own file from being read, and what to do; empty if nothing does
 */
record ThisHost(Path file, HostIdentity identity, Optional<String> whySample) {
  /**
   * @param directory where to put the sample if it is needed
   */
  static ThisHost find(Path directory) throws IOException {
    return find(VmallocinfoReader.VMALLOCINFO, directory);
  }

  static ThisHost find(Path file, Path directory) throws IOException {
    try (var reader = new VmallocinfoReader(file)) {
      reader.read();
      return new ThisHost(file, HostIdentities.read(HostFiles.REAL, Map.of()), Optional.empty());
    } catch (VmallocinfoUnavailable e) {
      return sample(directory, e.getMessage());
    }
  }

  private static ThisHost sample(Path directory, String why) throws IOException {
    Capture capture = Capture.LINUX_6_18;
    Path file = directory.resolve("sample-vmallocinfo.txt");
    Files.write(file, capture.text());
    var identity =
        new HostIdentity(
            HostIdentities.hash("sample"),
            "SAMPLE",
            "sample",
            capture.kernelRelease(),
            capture.kernelBuild(),
            "x86_64",
            4096,
            2,
            Map.of("sample", "true"));
    return new ThisHost(file, identity, Optional.of(why));
  }
}
