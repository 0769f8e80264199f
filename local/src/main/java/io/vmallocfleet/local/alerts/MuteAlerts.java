/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.alerts;

import io.vmallocfleet.alerts.Matcher;
import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.kafka.KafkaOptions;
import io.vmallocfleet.local.options.DurationOption;
import io.vmallocfleet.schemas.AlertState;
import io.vmallocfleet.schemas.Rule;
import io.vmallocfleet.schemas.RuleKind;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.annotation.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Mutes alerts by their labels. The same matchers are the same mute: said again, it is changed. */
@Command(
    name = "mute",
    description = {
      "Let alerts tell nobody whose labels match all of the matchers.",
      "They are still listed, and tell when the mute ends and they are still there."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class MuteAlerts implements Runnable {
  @Parameters(
      paramLabel = "MATCHER",
      arity = "1..*",
      converter = MatcherOption.class,
      description = "label=value, label!=value, label=~expression or label!~expression (RE2).")
  private List<Matcher> matchers;

  @ArgGroup(multiplicity = "1")
  private HowLong howLong;

  @Mixin private final Author author = new Author();
  @Mixin private final KafkaOptions kafka;
  @Spec private CommandSpec spec;

  private final Clock clock;

  static final class HowLong {
    @Option(
        names = "--for",
        paramLabel = "DURATION",
        converter = DurationOption.class,
        description = "How long, such as 2h or 3d.")
    private @Nullable Duration duration;

    @Option(names = "--forever", description = "Until ./vmalloc-fleet alerts unmute.")
    private boolean forever;
  }

  MuteAlerts(Supplier<String> runningStack, Clock clock) {
    this.kafka = new KafkaOptions(runningStack);
    this.clock = clock;
  }

  @Override
  public void run() {
    KafkaAccess access = kafka.access();
    Instant now = clock.instant();
    Instant until = howLong.duration == null ? null : now.plus(howLong.duration);
    String id = "mute/" + id();
    RuleWriter.write(
        access,
        Rule.newBuilder()
            .setRuleId(id)
            .setKind(RuleKind.MUTE)
            .setAt(now)
            .setBy(author.by())
            .setWhy(author.why())
            .setMatchers(
                matchers.stream()
                    .map(
                        m ->
                            new io.vmallocfleet.schemas.Matcher(m.label(), m.operator(), m.value()))
                    .toList())
            .setUntil(until)
            .build());
    long muted =
        KnownAlerts.read(access).alerts().stream()
            .filter(alert -> alert.getState() != AlertState.RESOLVED)
            .filter(alert -> Matcher.allMatch(matchers, alert.getLabels()))
            .count();
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s mutes %s %s, %d of the alerts there are.%n",
        id,
        matchers.stream().map(Matcher::toString).collect(Collectors.joining(", ")),
        until == null ? "until it is withdrawn" : "until " + AlertText.moment(until, clock),
        muted);
    out.flush();
  }

  private String id() {
    String text =
        matchers.stream().map(Matcher::toString).sorted().collect(Collectors.joining("\n"));
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString().substring(0, 8);
  }
}
