/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import java.io.IOException;
import java.nio.file.Path;
import one.profiler.AsyncProfiler;

/**
 * Where this process spends its processor time, native code, garbage collection and as far as it is
 * allowed the kernel included: a sample a millisecond of processor time, of several stretches
 * together.
 */
final class CpuProfile {
  private static final String SAMPLES = ",event=cpu,interval=1ms,loglevel=error";

  private final Path flameGraph;
  private final Path stacks;
  private final AsyncProfiler profiler;
  private boolean hasStretches;

  /**
   * @param stem of the files: {@code .html} is added for the flame graph, {@code .collapsed} for a
   *     line a stack, frames from the thread's first, with the samples of it
   * @throws IllegalStateException if there is no profiler for this system
   */
  CpuProfile(String stem) {
    flameGraph = Path.of(stem + ".html");
    stacks = Path.of(stem + ".collapsed");
    try {
      profiler = AsyncProfiler.getInstance();
    } catch (IllegalStateException | LinkageError e) {
      throw new IllegalStateException("no profile on this system: " + e.getMessage(), e);
    }
  }

  void begin() throws IOException {
    profiler.execute((hasStretches ? "resume" : "start") + SAMPLES);
    hasStretches = true;
  }

  /** Ends the stretch and writes all there have been. */
  void end() throws IOException {
    profiler.execute("stop");
    profiler.execute("dump,flamegraph,minwidth=0.1,title=Processor time,file=" + flameGraph);
    profiler.execute("dump,collapsed,file=" + stacks);
  }
}
