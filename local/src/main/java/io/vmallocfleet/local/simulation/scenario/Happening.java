/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.scenario;

import io.vmallocfleet.callers.CallerKnowledge;
import io.vmallocfleet.local.backtest.evaluation.Label;
import io.vmallocfleet.local.simulation.Effect;
import io.vmallocfleet.local.simulation.host.HostPlan;
import io.vmallocfleet.local.simulation.host.KernelBuild;
import io.vmallocfleet.local.simulation.host.Role;
import io.vmallocfleet.schemas.snapshot.Region;
import io.vmallocfleet.settings.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.Function;
import javax.annotation.Nullable;

/**
 * One event of a scenario on the hosts drawn for it: its effects, and the labels that tell of it.
 */
final class Happening {
  private static final int PAGE = 4096;
  private static final Duration AFTER_REBOOT = Duration.ofDays(1);
  private static final CallerKnowledge KNOWLEDGE = CallerKnowledge.bundled();

  /** From when to when on one host. */
  private record Span(Instant from, Instant until) {}

  private final Draft draft;
  private final String id;
  private final Event event;
  private final SplittableRandom random;
  private final List<HostPlan> drawn;

  Happening(Draft draft, String id, Event event, SplittableRandom random) {
    this.draft = draft;
    this.id = id;
    this.event = event;
    this.random = random;
    this.drawn =
        draft.draw(
            event.where() == null ? Event.Where.ANY : event.where(),
            event instanceof Event.Join,
            random);
  }

  /** Lets it happen. */
  void take() {
    if (event instanceof Event.Leak leak) {
      long limit = leak.limit() == null ? Long.MAX_VALUE : Settings.parseBytes(leak.limit());
      double perHour = Settings.parseBytes(leak.perHour());
      boolean together = Boolean.TRUE.equals(leak.together());
      memory(
          leak.whose(),
          together,
          false,
          together ? List.of("FLEET_LEAK") : List.of("LEAK", "OUTLIER_HOST", "HEADROOM"),
          (target, span) ->
              new Effect.Leak(
                  target.function(),
                  target.module(),
                  target.region(),
                  span.from(),
                  span.until(),
                  perHour,
                  limit,
                  target.areaPages()));
    } else if (event instanceof Event.Step step) {
      long bytes = Settings.parseBytes(step.bytes());
      memory(
          step.whose(),
          Boolean.TRUE.equals(step.together()),
          false,
          List.of("JUMP", "OUTLIER_HOST"),
          (target, span) ->
              new Effect.Step(
                  target.function(),
                  target.module(),
                  target.region(),
                  span.from(),
                  span.until(),
                  bytes,
                  target.areaPages()));
    } else if (event instanceof Event.Fill fill) {
      long bytes = Settings.parseBytes(fill.bytes());
      Duration constant = fill.timeConstant().of(draft.whole());
      memory(
          fill.whose(),
          Boolean.TRUE.equals(fill.together()),
          true,
          List.of(),
          (target, span) ->
              new Effect.Fill(
                  target.function(),
                  target.module(),
                  target.region(),
                  span.from(),
                  span.until(),
                  bytes,
                  constant,
                  target.areaPages()));
    } else if (event instanceof Event.Churn churn) {
      memory(
          churn.whose(),
          false,
          false,
          List.of("CHURN"),
          (target, span) ->
              new Effect.Churn(
                  target.function(),
                  target.module(),
                  span.from(),
                  span.until(),
                  churn.areasPerHour()));
    } else if (event instanceof Event.Scale scale) {
      memory(
          scale.whose(),
          true,
          true,
          List.of(),
          (target, span) ->
              new Effect.Scale(
                  target.function(), target.module(), span.from(), span.until(), scale.factor()));
    } else if (event instanceof Event.Shatter shatter) {
      shatter(shatter);
    } else if (event instanceof Event.Rollout rollout) {
      rollout(rollout);
    } else if (event instanceof Event.Reboot) {
      together(List.of(), true, AFTER_REBOOT, (h, s) -> new Effect.Reboot(s.from()));
    } else if (event instanceof Event.Join) {
      together(List.of(), true, AFTER_REBOOT, (h, s) -> new Effect.Join(s.from()));
    } else {
      watching();
    }
  }

  private Span span() {
    Event.When when = event.when();
    Instant at = draft.start().plus(when.at().of(draft.whole()));
    if (when.spread() != null) {
      at = at.plusMillis((long) (random.nextDouble() * when.spread().of(draft.whole()).toMillis()));
    }
    Instant until = when.lasts() == null ? Instant.MAX : at.plus(when.lasts().of(draft.whole()));
    return new Span(at, until);
  }

  /** Something that moves the memory of callers. */
  private void memory(
      Event.Whose whose,
      boolean together,
      boolean benign,
      List<String> kinds,
      BiFunction<Target, Span, Effect> effect) {
    List<Incident.Strike> strikes = new ArrayList<>();
    for (HostPlan host : drawn) {
      Target target = Target.of(whose, host.build());
      strikes.add(strike(host, effect.apply(target, span()), callers(target, host.build())));
    }
    if (together) {
      label(id, strikes, kinds, benign, Duration.ZERO, "", null);
    } else {
      each(strikes, kinds, benign, null);
    }
  }

  private void shatter(Event.Shatter shatter) {
    Event.Whose whose =
        shatter.whose() == null
            ? new Event.Whose("acme_frame_alloc [acme_video]", null, "512KiB")
            : shatter.whose();
    double share = shatter.share() == null ? 0.9 : shatter.share();
    List<Incident.Strike> strikes = new ArrayList<>();
    Incident.Request request = null;
    for (HostPlan host : drawn) {
      Target target = Target.of(whose, host.build());
      Region region = host.role() == Role.APPLIANCE ? Region.VMALLOC : Region.MODULES;
      Span span = span();
      Instant until = span.until().equals(Instant.MAX) ? draft.end() : span.until();
      request = new Incident.Request(region, 2L * (target.areaPages() + 1) * PAGE);
      strikes.add(
          strike(
              host,
              new Effect.Shatter(
                  target.function(),
                  target.module(),
                  region,
                  span.from(),
                  until,
                  share,
                  target.areaPages()),
              List.of()));
    }
    each(strikes, List.of("FRAGMENTATION", "HEADROOM"), false, request);
  }

  private void rollout(Event.Rollout rollout) {
    Map<String, Double> scaled = rollout.scaled() == null ? Map.of() : rollout.scaled();
    Map<String, String> renamed = rollout.renamed() == null ? Map.of() : rollout.renamed();
    String build = "#1 SMP PREEMPT_DYNAMIC (%s)".formatted(rollout.release());
    List<Label.Caller> moved = new ArrayList<>();
    scaled.keySet().forEach(f -> moved.add(new Label.Caller(f, "")));
    renamed.forEach(
        (old, now) -> {
          moved.add(new Label.Caller(now, ""));
          moved.add(new Label.Caller(old, ""));
        });
    List<Incident.Strike> strikes = new ArrayList<>();
    for (HostPlan host : drawn) {
      strikes.add(
          strike(
              host,
              new Effect.Upgrade(span().from(), rollout.release(), build, renamed, scaled),
              moved));
    }
    List<String> kinds =
        !scaled.isEmpty()
            ? List.of("ROLLOUT_REGRESSION")
            : renamed.isEmpty() ? List.of() : List.of("CALLER_RENAMED");
    label(id, strikes, kinds, kinds.isEmpty(), Duration.ZERO, build, null);
  }

  private void watching() {
    if (event instanceof Event.Silent) {
      each("HOST_SILENT", s -> new Effect.Silent(s.from(), s.until()));
    } else if (event instanceof Event.Blind blind) {
      String reason =
          blind.reason() == null ? "/proc/vmallocinfo: permission denied (EACCES)" : blind.reason();
      each("HOST_BLIND", s -> new Effect.Blind(s.from(), s.until(), reason));
    } else if (event instanceof Event.Skew skew) {
      boolean behind = skew.ahead().startsWith("-");
      Duration off = Settings.parseDuration(behind ? skew.ahead().substring(1) : skew.ahead());
      each("CLOCK_SKEW", s -> new Effect.Skew(s.from(), s.until(), behind ? off.negated() : off));
    } else if (event instanceof Event.Lost lost) {
      each("SNAPSHOTS_LOST", s -> new Effect.Lost(s.from(), s.until(), lost.snapshots().share()));
    } else if (event instanceof Event.Unparsed unparsed) {
      each("PARSE_FAILURES", s -> new Effect.Unparsed(s.from(), s.until(), unparsed.lines()));
    } else if (event instanceof Event.Duplicates twice) {
      together(
          List.of(),
          true,
          Duration.ZERO,
          (h, s) -> new Effect.Duplicates(s.from(), s.until(), twice.snapshots().share()));
    } else if (event instanceof Event.Reordered late) {
      Duration delay = late.delay().of(draft.whole());
      together(
          List.of(),
          true,
          Duration.ZERO,
          (h, s) -> new Effect.Reordered(s.from(), s.until(), late.snapshots().share(), delay));
    } else {
      throw new IllegalArgumentException("an event nobody carries out: " + event);
    }
  }

  private void each(String kind, Function<Span, Effect> effect) {
    List<Incident.Strike> strikes = new ArrayList<>();
    drawn.forEach(h -> strikes.add(strike(h, effect.apply(span()), List.of())));
    each(strikes, List.of(kind), false, null);
  }

  private void each(
      List<Incident.Strike> strikes,
      List<String> kinds,
      boolean benign,
      @Nullable Incident.Request request) {
    for (Incident.Strike strike : strikes) {
      label(
          id + "/" + strike.host().name(),
          List.of(strike),
          kinds,
          benign,
          Duration.ZERO,
          "",
          request);
    }
  }

  private void together(
      List<String> kinds,
      boolean benign,
      Duration after,
      BiFunction<HostPlan, Span, Effect> effect) {
    List<Incident.Strike> strikes = new ArrayList<>();
    drawn.forEach(h -> strikes.add(strike(h, effect.apply(h, span()), List.of())));
    label(id, strikes, kinds, benign, after, "", null);
  }

  private Incident.Strike strike(HostPlan host, Effect effect, List<Label.Caller> callers) {
    draft.add(host, effect);
    return new Incident.Strike(host, effect, callers);
  }

  private void label(
      String labelId,
      List<Incident.Strike> strikes,
      List<String> usualKinds,
      boolean usuallyBenign,
      Duration after,
      String cohort,
      @Nullable Incident.Request request) {
    boolean benign = event.benign() == null ? usuallyBenign : event.benign();
    List<String> kinds = event.kinds() != null ? event.kinds() : benign ? List.of() : usualKinds;
    Instant end = draft.end();
    Instant from = end;
    Instant to = draft.start();
    Set<Label.Caller> callers = new LinkedHashSet<>();
    for (Incident.Strike strike : strikes) {
      Instant begins = strike.effect().from();
      Instant ends = after.isZero() ? strike.effect().until() : strike.effect().from().plus(after);
      from = begins.isBefore(from) ? begins : from;
      to = ends.isAfter(to) ? ends : to;
      callers.addAll(strike.callers());
    }
    draft.add(
        new Incident(
            labelId,
            kinds,
            benign,
            List.copyOf(callers),
            purpose(callers),
            cohort,
            from,
            to.isAfter(end) ? end : to,
            strikes,
            request));
  }

  private String purpose(Set<Label.Caller> callers) {
    Set<String> families = new HashSet<>();
    callers.forEach(c -> families.add(KNOWLEDGE.meaning(c.function(), c.module()).family().slug()));
    return families.size() == 1 ? families.iterator().next() : "";
  }

  private static List<Label.Caller> callers(Target target, KernelBuild build) {
    var caller = new Label.Caller(target.function(), target.module());
    if (target.region() != Region.PERCPU) {
      return List.of(caller);
    }
    String metadata = build.generation().equals("6") ? "pcpu_create_chunk" : "pcpu_mem_zalloc";
    return List.of(caller, new Label.Caller(metadata, ""));
  }
}
