/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.sql;

import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.stack.Loopback;
import io.vmallocfleet.local.stack.StackException;
import io.vmallocfleet.sql.VmallocCatalog;
import io.vmallocfleet.sql.VmallocCatalogStoreFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.table.api.config.ExecutionConfigOptions;
import org.apache.flink.table.api.config.TableConfigOptions;
import org.apache.flink.table.catalog.CommonCatalogOptions;
import org.apache.flink.table.gateway.SqlGateway;
import org.apache.flink.table.gateway.rest.util.SqlGatewayRestOptions;
import org.apache.flink.table.gateway.service.context.DefaultContext;
import org.apache.flink.table.gateway.service.session.SessionManager;

/**
 * Flink's SQL gateway in this JVM, in front of a cluster. Every session finds the catalog in place
 * and reads to the present end of the topics; {@code SET 'execution.runtime-mode' = 'streaming'}
 * goes on and on. The planner is loaded with the first query, or by {@link #warmUp}: until then
 * this costs a port and little memory.
 */
public final class QueryGateway implements AutoCloseable {
  private static final String ENDPOINT = "sql-gateway.endpoint.rest.";
  private static final Logger LOG = System.getLogger(QueryGateway.class.getName());

  private final SqlGateway gateway;
  private final URI address;

  private QueryGateway(SqlGateway gateway, URI address) {
    this.gateway = gateway;
    this.address = address;
  }

  /**
   * On 127.0.0.1.
   *
   * @param cluster REST address of the Flink cluster that runs the queries
   * @param checkpoints where streaming queries and rules keep theirs
   * @param port 0 takes a free one
   * @throws StackException when the port is taken
   */
  public static QueryGateway start(KafkaAccess kafka, URI cluster, Path checkpoints, int port) {
    return start(kafka, cluster, checkpoints, Loopback.ADDRESS, freePort(port));
  }

  /**
   * Where others reach it: it asks nobody who they are.
   *
   * @param bind address to listen on
   * @throws StackException when it cannot listen there
   */
  static QueryGateway start(
      KafkaAccess kafka, URI cluster, Path checkpoints, String bind, int port) {
    Configuration configuration = configuration(kafka, cluster, checkpoints);
    configuration.setString(ENDPOINT + SqlGatewayRestOptions.ADDRESS.key(), bind);
    configuration.setString(ENDPOINT + SqlGatewayRestOptions.BIND_ADDRESS.key(), bind);
    configuration.setString(ENDPOINT + SqlGatewayRestOptions.PORT.key(), String.valueOf(port));
    var context = new DefaultContext(configuration, List.of());
    var gateway = new SqlGateway(configuration, SessionManager.create(context));
    try {
      gateway.start();
    } catch (Exception e) {
      gateway.stop();
      throw new StackException("Flink's SQL gateway did not start: " + e.getMessage(), e);
    }
    return new QueryGateway(gateway, URI.create("http://" + bind + ":" + port));
  }

  /**
   * Loads the planner in the background, some five seconds of one processor, so that the first
   * question need not wait for it. No job runs. What goes wrong is for the first question to tell.
   */
  public void warmUp() {
    var thread = new Thread(this::plan, "sql-warm-up");
    thread.setDaemon(true);
    thread.start();
  }

  private void plan() {
    try (var session = new GatewaySession(address, Map.of())) {
      session.run(
          "EXPLAIN SELECT caller, hosts FROM top_callers ORDER BY held_bytes DESC LIMIT 1",
          ResultFormat.JSON.receiver(new PrintWriter(Writer.nullWriter()), false));
    } catch (StackException e) {
      LOG.log(Level.DEBUG, "the SQL planner is not warm", e);
    }
  }

  /** As {@code http://127.0.0.1:8083}. */
  public URI address() {
    return address;
  }

  @Override
  public void close() {
    gateway.stop();
  }

  private static Configuration configuration(KafkaAccess kafka, URI cluster, Path checkpoints) {
    var conf = new Configuration();
    conf.set(DeploymentOptions.TARGET, "remote");
    conf.set(RestOptions.ADDRESS, cluster.getHost());
    conf.set(RestOptions.PORT, cluster.getPort());

    String store = VmallocCatalogStoreFactory.IDENTIFIER;
    conf.set(CommonCatalogOptions.TABLE_CATALOG_STORE_KIND, store);
    String options = CommonCatalogOptions.TABLE_CATALOG_STORE_OPTION_PREFIX + store + ".";
    conf.setString(options + "bootstrap", kafka.bootstrap());
    kafka
        .properties()
        .forEach((key, value) -> conf.setString(options + "properties." + key, value));
    conf.set(TableConfigOptions.TABLE_CATALOG_NAME, store);
    conf.set(TableConfigOptions.TABLE_DATABASE_NAME, VmallocCatalog.DATABASE);

    // Questions of people end by themselves; in streaming mode a client that does not know row
    // kinds, such as JDBC, would take every step of a sum for a row.
    conf.set(ExecutionOptions.RUNTIME_MODE, RuntimeExecutionMode.BATCH);
    // Without it every operator copies every row, nested ones included.
    conf.set(PipelineOptions.OBJECT_REUSE, true);
    conf.set(CoreOptions.DEFAULT_PARALLELISM, 1);
    conf.set(TableConfigOptions.LOCAL_TIME_ZONE, "UTC");
    // A partition without records must not hold back a streaming query for ever.
    conf.set(ExecutionConfigOptions.TABLE_EXEC_SOURCE_IDLE_TIMEOUT, Duration.ofSeconds(15));

    // No interval: with one, the rows of a streaming query wait for the next checkpoint. A rule
    // sets it.
    conf.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
    conf.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    conf.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
    conf.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofSeconds(1));
    return conf;
  }

  /** The gateway does not say which port it took for 0. */
  private static int freePort(int wanted) {
    try (ServerSocketChannel channel = Loopback.listen(wanted, "Flink's SQL gateway")) {
      return Loopback.port(channel);
    } catch (IOException e) {
      throw new StackException("port " + wanted + " cannot be released: " + e.getMessage(), e);
    }
  }
}
