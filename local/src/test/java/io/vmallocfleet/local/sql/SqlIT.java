/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vmallocfleet.agent.Snapshots;
import io.vmallocfleet.agent.snapshot.SnapshotEncoder;
import io.vmallocfleet.agent.vmallocinfo.ParserLimits;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoParser;
import io.vmallocfleet.local.simulation.Capture;
import io.vmallocfleet.local.stack.StackException;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.Severity;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.snapshot.HostBudget;
import io.vmallocfleet.schemas.snapshot.HostIdentity;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir static Path directory;
  private static SqlStack stack;

  @BeforeAll
  static void start() throws Exception {
    stack = SqlStack.start(directory);
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void sums_over_jdbc_are_those_of_awk_over_the_file() throws Exception {
    Capture capture = Capture.LINUX_5_8;
    Path file = Files.write(directory.resolve("capture.txt"), capture.text());
    stack.kafka().write(FleetTopic.SNAPSHOTS, snapshot("replayed", capture.text(), 0));

    Map<String, List<Long>> sums = new TreeMap<>();
    try (URLClassLoader tool = jdbcTool();
        Connection connection = connect(tool);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT caller_function, COUNT(*), SUM(size_bytes), SUM(pages) FROM vmalloc_areas"
                    + " WHERE hostname = 'replayed' AND kind NOT IN ('unpurged', 'vm_map_ram')"
                    + " GROUP BY caller_function")) {
      while (rows.next()) {
        sums.put(rows.getString(1), List.of(rows.getLong(2), rows.getLong(3), rows.getLong(4)));
      }
    }

    assertThat(sums).isEqualTo(awk(file)).hasSizeGreaterThan(20);
  }

  @Test
  void jdbc_shows_maps_times_and_nulls() throws Exception {
    stack.kafka().write(FleetTopic.SNAPSHOTS, snapshot("types", Capture.LINUX_6_18.text(), 0));

    try (URLClassLoader tool = jdbcTool();
        Connection connection = connect(tool);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT taken_at, labels['role'], labels['none'], complete, gap_bytes, numa[0]"
                    + " FROM vmalloc_areas JOIN (SELECT complete, host_id AS id FROM"
                    + " vmalloc_snapshots) ON id = host_id WHERE hostname = 'types' AND area = 1")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getTimestamp(1)).isEqualTo(java.sql.Timestamp.valueOf("2026-11-23 06:00:00"));
      assertThat(rows.getString(2)).isEqualTo("web");
      assertThat(rows.getString(3)).isNull();
      assertThat(rows.getBoolean(4)).isTrue();
      assertThat(rows.getObject(5)).isNull();
      assertThat(rows.getObject(6)).isNull();
    }
  }

  @Test
  void a_poison_record_is_left_out_while_a_query_runs_and_counted() throws Exception {
    byte[] good = snapshot("beside-poison", Capture.LINUX_6_18.text(), 0);
    byte[] cut = Arrays.copyOf(good, good.length - 7);
    stack.kafka().write(FleetTopic.SNAPSHOTS, good);

    List<String> seen = new ArrayList<>();
    try (var session = stack.session(Map.of("execution.runtime-mode", "streaming"))) {
      var receiver =
          new StopAfter(
              2,
              row -> {
                seen.add(row);
                if (seen.size() == 1) {
                  stack
                      .kafka()
                      .write(FleetTopic.SNAPSHOTS, cut, "nonsense".getBytes(), new byte[0]);
                  stack
                      .kafka()
                      .write(
                          FleetTopic.SNAPSHOTS,
                          snapshot("beside-poison", Capture.LINUX_6_18.text(), 1));
                } else {
                  stack.awaitCounter("unreadableRecords", 3);
                }
              });
      assertThatExceptionOfType(StopAfter.Enough.class)
          .isThrownBy(
              () ->
                  session.run(
                      "SELECT snapshot_sequence FROM vmalloc_snapshots"
                          + " WHERE hostname = 'beside-poison'",
                      receiver));
    }

    assertThat(seen).containsExactly("0", "1");
    assertThat(
            answer(
                "SELECT COUNT(*) AS n FROM vmalloc_snapshots WHERE hostname = 'beside-poison'",
                ResultFormat.CSV))
        .isEqualTo("n\n2\n");
  }

  @Test
  void a_column_that_old_writers_did_not_have() throws Exception {
    byte[] now =
        new SingleObject<>(HostWindow.class)
            .encode(HostWindows.window("written-now", Map.of("role", "db")));
    byte[] then = HostWindows.asOfRelease1("written-then");
    stack.kafka().write(FleetTopic.HOST_WINDOWS, then, now);

    assertThat(
            answer(
                "SELECT hostname, labels, lost_snapshots FROM vmalloc_host_windows"
                    + " WHERE hostname LIKE 'written-%' ORDER BY hostname",
                ResultFormat.CSV))
        .isEqualTo(
            """
            hostname,labels,lost_snapshots
            written-now,{role=db},0
            written-then,{},0
            """);
  }

  @Test
  void a_rule_in_sql_makes_findings_and_can_be_listed_and_ended() throws Exception {
    Path file =
        Path.of(System.getProperty("vmallocfleet.cookbook"))
            .resolveSibling("bpf-maps-over-100-mib.sql");
    String rule = Files.readString(file);
    assertThat(SqlRule.problems(rule)).isEmpty();

    try (var session = stack.session(Map.of())) {
      // The windows below may be there before the job is.
      SqlStack.answer(session, rule.replaceAll("/\\*\\+.*?\\*/", ""));
    }
    stack
        .kafka()
        .write(
            FleetTopic.HOST_WINDOWS,
            new SingleObject<>(HostWindow.class)
                .encode(HostWindows.holding("over-the-bar", "htab_map_alloc", 200L << 20)),
            new SingleObject<>(HostWindow.class)
                .encode(HostWindows.holding("under-the-bar", "htab_map_alloc", 50L << 20)));

    Finding finding = firstFinding();
    assertThat(finding.getKind()).isEqualTo(FindingKind.RULE);
    assertThat(finding.getLabels()).containsEntry("rule", "bpf-maps-over-100-mib");
    assertThat(finding.getHostname()).isEqualTo("over-the-bar");
    assertThat(finding.getSeverity()).isEqualTo(Severity.TICKET);
    assertThat(finding.getPurpose()).isEqualTo("bpf-maps");
    assertThat(finding.getFingerprint()).matches("\\p{XDigit}{32}");
    assertThat(finding.getEvidence().getBytes()).isEqualTo(200L << 20);
    assertThat(finding.getSentence())
        .isEqualTo("htab_map_alloc on over-the-bar holds 200.0 MiB, more than 100 MiB.");

    String job =
        Stream.of(answer("SHOW JOBS", ResultFormat.CSV).split("\n"))
            .filter(line -> line.contains("rule bpf-maps-over-100-mib") && line.contains("RUNNING"))
            .map(line -> line.split(",")[0])
            .findFirst()
            .orElseThrow();
    answer("STOP JOB '" + job + "'");
    await(
        () ->
            Stream.of(answer("SHOW JOBS", ResultFormat.CSV).split("\n"))
                .noneMatch(line -> line.startsWith(job) && line.contains("RUNNING")));
  }

  @Test
  void a_mistake_is_one_line_that_says_where() {
    assertThatExceptionOfType(StackException.class)
        .isThrownBy(() -> answer("SELECT nonsense FROM hosts"))
        .withMessageMatching("(?s)[^\n]*line 1, column 8[^\n]*nonsense[^\n]*");
    assertThatExceptionOfType(StackException.class)
        .isThrownBy(() -> answer("SELECT ( FROM hosts"))
        .withMessageMatching("[^\n]*line 1, column 10[^\n]*");
    assertThatExceptionOfType(StackException.class)
        .isThrownBy(() -> answer("SELECT * FROM no_such_table"))
        .withMessageContaining("no_such_table");
    assertThatExceptionOfType(StackException.class)
        .isThrownBy(() -> answer("INSERT INTO vmalloc_rule_history SELECT * FROM vmalloc_rules"))
        .withMessageContaining("vmalloc_findings");
  }

  @Test
  void results_for_scripts() {
    String statement =
        "SELECT * FROM (VALUES (1, 'a,b', CAST(NULL AS STRING)), (2, '\"', 'c')) AS t (n, s, u) ORDER BY n";

    assertThat(answer(statement, ResultFormat.CSV)).isEqualTo("n,s,u\n1,\"a,b\",\n2,\"\"\"\",c\n");
    assertThat(answer(statement, ResultFormat.JSON))
        .isEqualTo("{\"n\":1,\"s\":\"a,b\",\"u\":null}\n{\"n\":2,\"s\":\"\\\"\",\"u\":\"c\"}\n");
  }

  @Test
  void only_this_machine_reaches_the_gateway() throws Exception {
    for (InetAddress outside : addressesOfThisMachine()) {
      assertThatExceptionOfType(ConnectException.class)
          .isThrownBy(() -> new Socket(outside, stack.gateway().getPort()).close());
    }
  }

  private static String answer(String statement) {
    return answer(statement, ResultFormat.TABLE);
  }

  private static String answer(String statement, ResultFormat format) {
    try (var session = stack.session(Map.of())) {
      return SqlStack.answer(session, statement, format);
    }
  }

  private static byte[] snapshot(String hostname, byte[] text, int sequence) {
    var host =
        new HostIdentity(
            "id-" + hostname,
            hostname,
            "boot-1",
            "5.8.0",
            "#1",
            "x86_64",
            4096,
            2,
            Map.of("role", "web"));
    var snapshots = new Snapshots(host, new SnapshotEncoder(true));
    byte[] encoded = new byte[0];
    for (int i = 0; i <= sequence; i++) {
      encoded =
          snapshots.of(
              new VmallocinfoParser(ParserLimits.longRunning()).parse(text, text.length),
              new Snapshots.Circumstances(
                  Instant.parse("2026-11-23T06:00:00Z").toEpochMilli() * 1000,
                  100,
                  10,
                  0,
                  0,
                  HostBudget.UNKNOWN));
    }
    return encoded;
  }

  /** Rows, bytes and pages by function, as awk sees them. */
  private static Map<String, List<Long>> awk(Path file) throws Exception {
    String program =
        """
        $3 ~ /[+]0x/ {
          split($3, name, "+"); caller = name[1]; sub(/[.].*/, "", caller)
          rows[caller]++; bytes[caller] += $2
          if (match($0, /pages=[0-9]+/)) pages[caller] += substr($0, RSTART + 6, RLENGTH - 6)
        }
        END { for (c in rows) printf "%s %d %d %d\\n", c, rows[c], bytes[c], pages[c] }
        """;
    Process awk = new ProcessBuilder("awk", program, file.toString()).start();
    Map<String, List<Long>> sums = new TreeMap<>();
    for (String line : new String(awk.getInputStream().readAllBytes()).split("\n")) {
      String[] fields = line.split(" ");
      sums.put(
          fields[0],
          List.of(Long.valueOf(fields[1]), Long.valueOf(fields[2]), Long.valueOf(fields[3])));
    }
    return sums;
  }

  /** What a tool such as DBeaver has: the driver, a logging interface, and nothing of ours. */
  private static URLClassLoader jdbcTool() throws Exception {
    List<URL> jars = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("vmallocfleet.jdbc")))) {
      for (Path jar : files.toList()) {
        jars.add(jar.toUri().toURL());
      }
    }
    return new URLClassLoader(jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  private static Connection connect(URLClassLoader tool) throws Exception {
    var driver =
        (Driver)
            tool.loadClass("org.apache.flink.table.jdbc.FlinkDriver")
                .getDeclaredConstructor()
                .newInstance();
    return driver.connect("jdbc:flink://127.0.0.1:" + stack.gateway().getPort(), new Properties());
  }

  private static Finding firstFinding() throws Exception {
    try (var consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", stack.kafka().bootstrap()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          List.of(
              new TopicPartition(FleetTopic.FINDINGS.topicName(), 0),
              new TopicPartition(FleetTopic.FINDINGS.topicName(), 1));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
      await(
          () -> {
            consumer.poll(Duration.ofMillis(200)).forEach(found::add);
            return !found.isEmpty();
          });
      Finding finding = new SingleObject<>(Finding.class).decode(found.get(0).value());
      assertThat(found).hasSize(1);
      assertThat(new String(found.get(0).key())).isEqualTo(finding.getFingerprint());
      return finding;
    }
  }

  /** Checks again and again; the condition itself waits or asks something that takes its time. */
  private static void await(BooleanSupplier condition) {
    Instant end = Instant.now().plus(LIMIT);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).isBefore(end);
    }
  }

  private static Set<InetAddress> addressesOfThisMachine() throws Exception {
    Set<InetAddress> addresses = new HashSet<>();
    for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
      each.inetAddresses()
          .filter(a -> a instanceof Inet4Address && !a.isLoopbackAddress())
          .forEach(addresses::add);
    }
    Assumptions.assumeFalse(addresses.isEmpty(), "this machine has only its loopback interface");
    return addresses;
  }
}
