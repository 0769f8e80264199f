/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent;

import java.io.PrintWriter;

/**
 * Where the process starts. {@code run} without options, as a service or a container runs it, takes
 * its settings from the environment and the file named there, so nothing of the command line's
 * library is loaded: 3 MiB of each host.
 */
public final class AgentMain {
  private AgentMain() {}

  public static void main(String[] args) {
    // Before any other class asks for a logger.
    OneLineLog.start();
    var err = new PrintWriter(System.err, true);
    boolean service = args.length == 1 && args[0].equals("run");
    System.exit(
        service ? serve(err) : AgentCommands.run(new PrintWriter(System.out, true), err, args));
  }

  private static int serve(PrintWriter err) {
    try {
      return AgentService.run(AgentConfig.from(System.getenv()));
    } catch (Exception e) {
      return Failure.report(e, err);
    }
  }
}
