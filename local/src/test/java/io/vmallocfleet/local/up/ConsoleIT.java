/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.up;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.local.alerts.AlertsCommand;
import io.vmallocfleet.local.browser.Browser;
import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.records.TopicTail;
import io.vmallocfleet.local.simulation.Misbehaviour;
import io.vmallocfleet.local.simulation.SimulatedFleet;
import io.vmallocfleet.local.stack.DataDirectory;
import io.vmallocfleet.schemas.CallerUsage;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.Rule;
import io.vmallocfleet.schemas.RuleKind;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.SpoolOccupancy;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** The console of a running stack with a leak on one host, in a real Chromium. */
@Timeout(400)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleIT {
  private static final int HOSTS = 12;
  private static final Duration WINDOW = Duration.ofSeconds(2);
  private static final String CULPRIT = SimulatedFleet.misbehavingHost(HOSTS);
  private static final String MARKUP = "<img src=x onerror=document.body.dataset.hit=1>";
  private static final List<String> PAGES =
      List.of("/", "/hosts", "/callers", "/alerts", "/explain", "/sql", "/pipeline");

  private DataDirectory data;
  private LocalStack stack;
  private Browser browser;
  private Finding leak;

  @BeforeAll
  void startStackAndBrowser(@TempDir Path directory) throws Exception {
    data = DataDirectory.open(directory.resolve("data"));
    var settings =
        new UpSettings(
            Duration.ofMillis(500),
            WINDOW,
            HOSTS,
            Optional.of(Misbehaviour.LEAK),
            0,
            0,
            0,
            0,
            List.of());
    stack =
        LocalStack.start(
            settings,
            ThisHost.find(directory.resolve("no-such-file"), directory),
            data,
            Clock.systemUTC(),
            step -> {});
    browser = Browser.open(stack.console(), directory.resolve("profile"));
    leak = await(FleetTopic.FINDINGS, Finding.class, f -> CULPRIT.equals(f.getHostname()));
  }

  @AfterAll
  void stop() {
    if (browser != null) {
      browser.close();
    }
    if (stack != null) {
      stack.close();
    }
    if (data != null) {
      data.close();
    }
  }

  @Test
  void from_the_alerts_link_to_the_map_of_the_leaking_host() {
    browser.go("/alerts/" + leak.getFingerprint());
    assertThat(browser.text()).contains("Leak", CULPRIT, leak.getFunction(), "Grows by");

    browser.await(
        b -> {
          if (b.path().startsWith("/alerts/")) {
            b.link("its address-space map").click(); // drawn anew meanwhile: once more
          }
          return b.path().equals("/hosts/" + leak.getHostId());
        });
    browser.element("canvas.detail");
    assertThat(browser.text()).contains("BPF maps").contains("Would a request of");
    // The map is drawn: in the strip there are colours of areas and of holes.
    Object colours =
        browser.script(
            """
            const canvas = document.querySelector('canvas.detail');
            const pixels = canvas.getContext('2d').getImageData(0, canvas.height / 2, canvas.width, 1).data;
            const seen = new Set();
            for (let i = 0; i < pixels.length; i += 4) seen.add(pixels.slice(i, i + 3).join());
            return seen.size;
            """);
    assertThat(((Number) colours).intValue()).isGreaterThan(3);
  }

  @Test
  void a_hole_says_why_it_is_there() {
    browser.go("/hosts/" + leak.getHostId());
    browser.element("canvas.detail");

    browser.script(
        "[...document.querySelectorAll('.strip-buttons button')].find(b => b.textContent === 'largest hole').click()");

    browser.await(b -> b.elements(".reasons li").size() > 1);
    assertThat(browser.element(".map-info").getText())
        .contains("Hole of", "the largest of this strip", "Guard pages make no holes");
    assertThat(browser.path()).contains("map=vmalloc");
  }

  @Test
  void a_new_window_shows_without_a_reload() {
    browser.go("/");
    browser.script("window.sameDocument = true");
    String window = "return document.querySelector('.title time').dateTime";
    Object before = browser.script(window);

    browser.await(b -> !before.equals(b.script(window)));

    assertThat(browser.script("return window.sameDocument")).isEqualTo(true);
  }

  @Test
  void an_acknowledgement_becomes_a_rule() throws Exception {
    browser.go("/alerts/" + leak.getFingerprint());
    // A new window may draw the page anew between looking and clicking.
    browser.await(
        b -> {
          b.element("summary.button").click();
          return true;
        });
    browser.element(".actions input[name=by]").sendKeys("ada");
    browser.element(".actions input[name=why]").sendKeys("restarting the <b>agent</b>");

    browser.element(".actions form button").click();

    // The alert may come back acknowledged before anybody could read that the job was told.
    browser.await(
        b -> b.text().contains("Told the alert job") || b.text().contains("acknowledged"));
    Rule rule =
        await(
            FleetTopic.RULES,
            Rule.class,
            r -> r.getKind() == RuleKind.ACKNOWLEDGEMENT && r.getActive());
    assertThat(rule.getRuleId()).isEqualTo("ack/" + leak.getFingerprint());
    assertThat(rule.getFingerprint()).isEqualTo(leak.getFingerprint());
    assertThat(rule.getBy()).isEqualTo("ada");
    assertThat(rule.getWhy()).isEqualTo("restarting the <b>agent</b>");
    // And a colleague at a terminal sees that somebody has it in hand.
    browser.await(
        b ->
            alerts("list")
                .lines()
                .anyMatch(line -> line.contains("ACKNOWLEDGED") && line.contains(CULPRIT)));
    assertThat(alerts("show", leak.getFingerprint()))
        .contains("ada", "restarting the <b>agent</b>");
  }

  @Test
  void what_was_typed_stays_while_windows_come() {
    browser.go("/alerts/" + leak.getFingerprint());
    browser.await(
        b -> {
          b.element("summary.button").click();
          return true;
        });
    browser.element(".actions input[name=why]").sendKeys("ticket 4711");
    browser.script("document.activeElement.blur()");
    String drawn = "return document.body.dataset.ready";
    Object before = browser.script(drawn);

    browser.await(b -> !before.equals(b.script(drawn)));

    assertThat(browser.script("return document.querySelector('.actions input[name=why]').value"))
        .isEqualTo("ticket 4711");
  }

  /** Each is a job of Flink: on a busy machine that takes its time. */
  @Test
  @Timeout(900)
  void every_question_of_the_sql_page_is_answered_and_nothing_can_be_changed() {
    browser.go("/sql");
    int questions = browser.elements(".questions button").size();
    assertThat(questions).isGreaterThan(15);
    for (int i = 0; i < questions; i++) {
      browser.script("document.querySelectorAll('.questions button')[arguments[0]].click()", i);
      String statement = sql();
      run();
      assertThat(browser.text())
          .as(statement)
          .containsPattern("[0-9,]+ rows(, there are more)? in [0-9.]+ s");
    }

    browser.script("document.querySelector('textarea').value = arguments[0]", "DROP TABLE hosts");
    run();
    assertThat(browser.text()).contains("changes something").doesNotContain(" rows in ");
    browser.script(
        "document.querySelector('textarea').value = arguments[0]", "SELECT nonsense FROM hosts");
    run();
    assertThat(browser.text()).contains("'nonsense' not found").doesNotContain(" rows in ");
  }

  private String sql() {
    return String.valueOf(browser.script("return document.querySelector('textarea').value"));
  }

  private void run() {
    browser.script(
        "[...document.querySelectorAll('.sql button')].find(b => b.textContent === 'Run').click()");
    browser.await(Duration.ofMinutes(5), b -> b.elements("main .loading").isEmpty());
  }

  private String alerts(String... arguments) {
    var out = new StringWriter();
    AlertsCommand.with(stack::bootstrap, Clock.systemUTC())
        .setOut(new PrintWriter(out, true))
        .execute(arguments);
    return out.toString();
  }

  @Test
  void markup_in_names_stays_text() throws Exception {
    HostWindow window = await(FleetTopic.HOST_WINDOWS, HostWindow.class, w -> true);
    window.setHostId("hostile");
    window.setHostname(MARKUP);
    window.setBlind(MARKUP);
    window.setLabels(Map.of(MARKUP, MARKUP));
    window.setTopCallers(List.of(new CallerUsage(MARKUP, MARKUP, 1L, 4096L, 8192L)));
    send(FleetTopic.HOST_WINDOWS, "hostile", window, HostWindow.class);
    Finding finding = Finding.newBuilder(leak).build();
    finding.setFingerprint("0000000000000000000000000000dead");
    finding.setHostId("hostile");
    finding.setHostname(MARKUP);
    finding.setFunction(MARKUP);
    finding.setSentence(MARKUP);
    send(FleetTopic.FINDINGS, finding.getFingerprint(), finding, Finding.class);

    browser.go("/hosts?q=onerror");
    browser.await(b -> b.text().contains(MARKUP));
    for (String path :
        List.of(
            "/hosts?q=onerror",
            "/hosts/hostile",
            "/alerts?q=onerror",
            "/alerts/" + finding.getFingerprint())) {
      browser.go(path);
      assertThat(browser.text()).as(path).contains(MARKUP);
      assertThat(browser.elements("main img")).as(path).isEmpty();
    }
    browser.element("[role=combobox]").sendKeys("onerror");
    browser.await(b -> b.element("#results").getText().contains(MARKUP));
    assertThat(browser.script("return document.body.dataset.hit")).isNull();
  }

  @Test
  void a_host_whose_spool_fills_shows_on_the_pipeline_page() throws Exception {
    HostWindow window = await(FleetTopic.HOST_WINDOWS, HostWindow.class, w -> true);
    window.setHostId("cut-off");
    window.setHostname("cut-off");
    window.setSpool(new SpoolOccupancy(48L, 48L << 20, 64L << 20));

    // Four windows later it is silent and not shown: a busy machine may need another try.
    browser.await(
        b -> {
          b.go("/");
          String newest =
              String.valueOf(b.script("return document.querySelector('.title time').dateTime"));
          window.setWindowStart(Instant.parse(newest).minus(WINDOW));
          window.setWindowEnd(Instant.parse(newest));
          send(FleetTopic.HOST_WINDOWS, "cut-off", window, HostWindow.class);
          b.go("/pipeline");
          return b.text().contains("cut-off");
        });
    assertThat(browser.element("[aria-label='hosts with the fullest spools']").getText())
        .contains("cut-off", "75 %", "48 MiB");
  }

  @Test
  void everything_can_be_reached_with_keys_alone() {
    browser.go("/");
    browser.type("/");
    browser.type(CULPRIT);
    browser.await(b -> b.element("#results").getText().contains(CULPRIT));
    browser.type(Keys.ENTER);
    browser.await(b -> b.path().equals("/hosts/" + leak.getHostId()));
    browser.element("canvas.detail");

    browser.tabTo("canvas.detail");
    browser.type("+", "]", "]");
    browser.await(b -> b.elements(".map-info strong").isEmpty() ? null : true);
    assertThat(browser.path()).contains("map=");

    browser.script("document.activeElement.blur()");
    browser.type("ga");
    browser.await(b -> b.path().equals("/alerts"));
    browser.awaitShown();
    browser.tabTo("a[href='/alerts/" + leak.getFingerprint() + "']");
    browser.type(Keys.ENTER);
    browser.await(b -> b.path().equals("/alerts/" + leak.getFingerprint()));
    browser.awaitShown();
    browser.tabTo("summary.button");
    browser.type(Keys.ENTER);
    browser.tabTo("input[name=why]");
  }

  @Test
  void an_address_shows_the_same_after_a_reload_and_on_the_way_back() {
    String names =
        "return [...document.querySelectorAll('main tbody a')].map(a => a.textContent).join()";
    browser.go("/hosts?q=sim-00&sort=NAME");
    Object rows = browser.script(names);
    assertThat(String.valueOf(rows)).startsWith("sim-001,sim-002,");
    browser.reload();
    assertThat(browser.script(names)).isEqualTo(rows);
    assertThat(browser.script("return document.querySelector('main input[type=search]').value"))
        .isEqualTo("sim-00");

    browser.script("document.querySelector('main tbody a').click()");
    browser.await(b -> b.path().startsWith("/hosts/"));
    browser.back();

    assertThat(browser.path()).isEqualTo("/hosts?q=sim-00&sort=NAME");
    browser.await(b -> rows.equals(b.script(names)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void no_page_has_serious_faults_for_people_who_see_or_move_otherwise(String theme) {
    browser.go("/");
    browser.theme(theme);
    for (String path : allPages()) {
      browser.go(path);
      assertThat(browser.accessibilityFindings()).as(path).isEmpty();
    }
  }

  @Test
  void no_page_asks_anybody_else_or_fails() {
    browser.errors(); // those before
    for (String path : allPages()) {
      browser.go(path);
      assertThat(browser.requests())
          .as(path)
          .allMatch(url -> url.startsWith(stack.console().toString()));
      assertThat(browser.errors()).as(path).isEmpty();
    }
  }

  @Test
  void pages_fit_a_phone() {
    browser.size(400, 860);
    try {
      for (String path : allPages()) {
        browser.go(path);
        Object tooWide = browser.script("return document.documentElement.scrollWidth - innerWidth");
        assertThat(((Number) tooWide).intValue()).as(path).isLessThanOrEqualTo(0);
      }
    } finally {
      browser.size(1400, 1000);
    }
  }

  private List<String> allPages() {
    List<String> pages = new java.util.ArrayList<>(PAGES);
    pages.add("/hosts/" + leak.getHostId());
    pages.add("/caller?function=" + leak.getFunction());
    pages.add("/alerts/" + leak.getFingerprint());
    return pages;
  }

  /** In Kafka when it returns: closing the producer waits for it. */
  private <T extends SpecificRecord> void send(
      FleetTopic topic, String key, T record, Class<T> type) {
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", stack.bootstrap()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(
          new ProducerRecord<>(
              topic.topicName(),
              key.getBytes(StandardCharsets.UTF_8),
              new SingleObject<>(type).encode(record)));
    }
  }

  private <T extends SpecificRecord> T await(FleetTopic topic, Class<T> type, Predicate<T> wanted)
      throws Exception {
    var codec = new SingleObject<>(type);
    try (var tail =
        new TopicTail(
            KafkaAccess.open(stack.bootstrap()),
            List.of(topic.topicName()),
            TopicTail.From.BEGINNING)) {
      while (true) {
        for (ConsumerRecord<byte[], byte[]> record : tail.poll(Duration.ofMillis(200))) {
          T value = codec.decode(record.value());
          if (wanted.test(value)) {
            return value;
          }
        }
      }
    }
  }
}
