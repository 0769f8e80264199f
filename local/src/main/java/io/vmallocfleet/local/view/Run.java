/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.view;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import javax.annotation.Nullable;

/**
 * One run of the stack, as far as its header tells it.
 *
 * @param webUi address of the console
 * @param kafka bootstrap address
 * @param sql address of the SQL gateway, such as {@code http://127.0.0.1:8083}
 * @param data data directory
 * @param window length of the pipeline's windows
 * @param agentInterval time between two readings of this host
 * @param hostId host id under which this machine's agent reports
 * @param sample why this machine's own file could not be read and a bundled sample stands in for
 *     it; null when the numbers are this machine's
 */
public record Run(
    String webUi,
    String kafka,
    URI sql,
    Path data,
    Instant startedAt,
    Duration window,
    Duration agentInterval,
    String hostId,
    @Nullable String sample) {
  /** What JDBC tools such as DBeaver connect to. */
  String jdbcUrl() {
    return "jdbc:flink://" + sql.getAuthority();
  }
}
