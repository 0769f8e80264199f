/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.host;

import io.vmallocfleet.agent.vmallocinfo.VmallocArea;
import io.vmallocfleet.local.simulation.Effect;
import io.vmallocfleet.schemas.snapshot.HostBudget;
import io.vmallocfleet.schemas.snapshot.HostIdentity;
import io.vmallocfleet.schemas.snapshot.Region;
import io.vmallocfleet.schemas.snapshot.SnapshotWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The life of one host: boots, the callers of its role and their noise, and what a scenario does to
 * its memory. The same plan, effects and steps give the same life; what a scenario does takes its
 * chances from a source of its own, so that the rest of the life is the one without it.
 */
public final class HostLife {
  private static final double FLUSHES_PER_HOUR = 1;
  private static final double FLUSHES_PER_HOUR_WITH_CONTAINERS = 4;
  private static final double MEAN_UPTIME_HOURS = 24 * 15;
  private static final double HOST_LOAD_SIGMA = 0.1;

  private final HostPlan plan;
  private final Catalogue catalogue;
  private final AreaEncodings encodings;
  private final List<Effect> effects;
  private final SplittableRandom random;
  private final SplittableRandom chance;
  private final List<Native> natives = new ArrayList<>();
  private final Paces paces = new Paces();
  private final Action[] actions;
  private final long lifeSeed;
  private KernelBuild build;
  private Map<String, String> renamed = Map.of();
  private Map<String, Double> scaled = Map.of();
  private HostMemory memory;
  private HostIdentity identity;
  private Instant bootedAt;
  private Instant upAt;
  private Instant now;
  private double hostLoad;
  private int boots;
  private boolean present;

  /** A caller of the host's own life. */
  private record Native(Holding holding, Level level, Behaviour behaviour) {}

  /** How far an effect has come in this boot. */
  private static final class Action {
    private Holding holding;
    private Holding metadata;
    private double dueBytes;
    private int taken;
    private boolean done;
  }

  /**
   * @param effects what happens to its memory and boots; others are ignored
   * @param start when its life is first looked at; it has been up for a while then
   */
  HostLife(
      HostPlan plan,
      Catalogue catalogue,
      AreaEncodings encodings,
      List<Effect> effects,
      Instant start) {
    this.plan = plan;
    this.catalogue = catalogue;
    this.encodings = encodings;
    this.effects = List.copyOf(effects);
    this.actions = new Action[effects.size()];
    this.random = new SplittableRandom(HostPlan.mix(plan.seed(), 1));
    this.chance = new SplittableRandom(HostPlan.mix(plan.seed(), 2));
    this.lifeSeed = HostPlan.mix(plan.seed(), start.toEpochMilli());
    this.build = plan.build();
    this.now = start;
    this.hostLoad = HOST_LOAD_SIGMA * random.nextGaussian();
    this.present = effects.stream().noneMatch(Effect.Join.class::isInstance);
    if (present) {
      double uptime = -Math.log(1 - random.nextDouble()) * MEAN_UPTIME_HOURS;
      boot(start.minusSeconds((long) (uptime * 3600)));
      upAt = bootedAt;
    }
  }

  /**
   * Lives on until then.
   *
   * @param regionLoad load of its region, 1 at the mean of a week
   */
  public void live(Instant until, double regionLoad) {
    double hours = Duration.between(now, until).toMillis() / 3_600_000.0;
    Instant before = now;
    now = until;
    comeAndGo(before);
    double phi = Math.exp(-hours);
    hostLoad = phi * hostLoad + HOST_LOAD_SIGMA * Math.sqrt(1 - phi * phi) * random.nextGaussian();
    if (!isUp()) {
      return;
    }
    double load = regionLoad * Math.exp(hostLoad);
    double uptime = Duration.between(bootedAt, now).toMillis() / 3_600_000.0;
    paces.over(hours);
    for (Native caller : natives) {
      live(caller, hours, load, uptime);
    }
    for (int i = 0; i < actions.length; i++) {
      act(effects.get(i), actions[i], hours, load);
    }
    double flushes =
        plan.role() == Role.KUBERNETES ? FLUSHES_PER_HOUR_WITH_CONTAINERS : FLUSHES_PER_HOUR;
    memory.settle(random.nextDouble() < flushes * hours);
  }

  /** Whether it is there and not just booting. */
  public boolean isUp() {
    return present && !now.isBefore(upAt);
  }

  /** Of what must differ from one life of the same host to another: who boots, and who watches. */
  long lifeSeed() {
    return lifeSeed;
  }

  /** How often it has booted since its life is looked at, from 1. */
  int boots() {
    return boots;
  }

  public HostPlan plan() {
    return plan;
  }

  HostIdentity identity() {
    return identity;
  }

  HostBudget budget() {
    return memory.budget();
  }

  void forgetChurn() {
    memory.forgetChurn();
  }

  void write(SnapshotWriter writer) {
    memory.write(writer);
  }

  /** {@code /proc/vmallocinfo} of this host, as its kernel prints it with real addresses. */
  public byte[] text() {
    return memory.text();
  }

  /** Name of a function after the renames this host has seen. */
  public String nameOf(String function) {
    return renamed.getOrDefault(function, function);
  }

  /** Memory the caller holds, whatever for; 0 while the host is away. */
  public long bytes(String function, String module) {
    return isUp() ? memory.bytes(function, module) : 0;
  }

  /** Memory held because of an effect of this host, bytes. */
  public long bytesBecauseOf(Effect effect) {
    if (!isUp()) {
      return 0;
    }
    if (effect instanceof Effect.Scale scale) {
      boolean active = !now.isBefore(scale.from()) && now.isBefore(scale.until());
      long held = bytes(nameOf(scale.function()), scale.module());
      return active ? (long) (held * (1 - 1 / scale.factor())) : 0;
    }
    if (effect instanceof Effect.Upgrade upgrade && !now.isBefore(upgrade.from())) {
      double more = 0;
      for (Map.Entry<String, Double> factor : upgrade.scaled().entrySet()) {
        for (Native caller : natives) {
          if (caller.holding().caller.function().equals(factor.getKey())) {
            more += caller.holding().bytes() * (1 - 1 / factor.getValue());
          }
        }
      }
      return (long) more;
    }
    Action action = actions[indexOf(effect)];
    if (action.holding == null) {
      return 0;
    }
    return action.holding.bytes() + (action.metadata == null ? 0 : action.metadata.bytes());
  }

  /** Whether a request of that many bytes, guard page included, would find a hole. */
  public boolean fits(Region region, long bytes) {
    return !isUp() || memory.fits(region, bytes);
  }

  private int indexOf(Effect effect) {
    for (int i = 0; i < actions.length; i++) {
      if (effects.get(i) == effect) {
        return i;
      }
    }
    throw new IllegalArgumentException(effect + " does not happen to " + plan.name());
  }

  private void comeAndGo(Instant before) {
    for (Effect effect : effects) {
      if (effect.from().isAfter(now) || !effect.from().isAfter(before)) {
        continue;
      }
      if (effect instanceof Effect.Join) {
        present = true;
        boot(effect.from());
      } else if (effect instanceof Effect.Leave) {
        present = false;
      } else if (effect instanceof Effect.Reboot) {
        boot(effect.from());
      } else if (effect instanceof Effect.Upgrade upgrade) {
        build = build.upgradedTo(upgrade.kernelRelease(), upgrade.kernelBuild());
        renamed = upgrade.renamed();
        scaled = upgrade.scaled();
        boot(effect.from());
      }
    }
  }

  private void boot(Instant at) {
    boots++;
    bootedAt = at;
    upAt = at.plusSeconds(60 + random.nextInt(180));
    identity =
        new HostIdentity(
            plan.id(),
            plan.name(),
            "%08x-sim-%d".formatted((int) HostPlan.mix(lifeSeed, 3), boots),
            build.release(),
            build.build(),
            build.architecture(),
            Areas.PAGE,
            plan.cpus(),
            plan.labels());
    natives.clear();
    Arrays.setAll(actions, i -> new Action());
    List<VmallocArea> rows = build.bits32() ? List.of() : catalogue.rows(build.capture());
    long shift = (long) random.nextInt(4096) << 30;
    long modulePages = random.nextInt(1024);
    memory =
        new HostMemory(
            plan, build, encodings, random, HostMemory.bounds(rows, build, shift, modulePages));
    new Boot(plan, build, catalogue, random, renamed, scaled)
        .fill(memory, rows, shift, modulePages)
        .forEach(c -> natives.add(new Native(c.holding(), c.level(), c.behaviour())));
    memory.settle(true);
    memory.forgetChurn();
  }

  /** How long an area lives where many come and go: five minutes. */
  private static final double SHORT_LIFE_HOURS = 1.0 / 12;

  private void live(Native caller, double hours, double load, double uptime) {
    Holding holding = caller.holding();
    double level = caller.level().after(paces.of(caller.behaviour()), load, uptime, random);
    if (caller.behaviour() == Behaviour.TRANSIENT) {
      memory.giveAll(holding);
      take(holding, poisson(level));
      return;
    }
    double turnover = caller.behaviour().turnover * hours * holding.slots.size();
    for (Effect effect : effects) {
      if (isActive(effect)) {
        if (effect instanceof Effect.Scale scale && is(holding, scale.function(), scale.module())) {
          level *= scale.factor();
        } else if (effect instanceof Effect.Churn churn
            && is(holding, churn.function(), churn.module())) {
          turnover += churn.areasPerHour() * hours;
          level += churn.areasPerHour() * SHORT_LIFE_HOURS;
        }
      }
    }
    int target = (int) Math.round(level);
    int replaced = (int) (turnover + random.nextDouble());
    int frees =
        // Percpu chunks are hardly ever given back: one object in them is enough to keep them.
        holding.placement == Placement.PERCPU
            ? 0
            : Math.min(holding.slots.size(), Math.max(holding.slots.size() - target, 0) + replaced);
    for (int i = 0; i < frees; i++) {
      memory.give(holding);
    }
    take(holding, target - holding.slots.size());
  }

  private boolean is(Holding holding, String function, String module) {
    return holding.caller.function().equals(nameOf(function))
        && holding.caller.module().equals(module);
  }

  private boolean isActive(Effect effect) {
    if (effect.from().isAfter(now)) {
      return false;
    }
    if (effect instanceof Effect.Scale scale) {
      return now.isBefore(scale.until());
    }
    return !(effect instanceof Effect.Churn churn) || now.isBefore(churn.until());
  }

  /** Knuth's product of uniforms: the mean is a few at most. */
  private int poisson(double mean) {
    double limit = Math.exp(-Math.min(mean, 20));
    double product = random.nextDouble();
    int count = 0;
    while (product > limit) {
      count++;
      product *= random.nextDouble();
    }
    return count;
  }

  private void take(Holding holding, int count) {
    for (int i = 0; i < count && memory.take(holding); i++) {
      // Until no hole fits: then the caller gets an error.
    }
  }

  private void act(Effect effect, Action action, double hours, double load) {
    if (effect.from().isAfter(now)) {
      return;
    }
    if (effect instanceof Effect.Leak leak) {
      act(leak, action, hours, load);
    } else if (effect instanceof Effect.Step step) {
      act(step, action, hours);
    } else if (effect instanceof Effect.Fill fill) {
      act(fill, action);
    } else if (effect instanceof Effect.Shatter shatter) {
      act(shatter, action);
    }
  }

  private void act(Effect.Leak leak, Action action, double hours, double load) {
    if (!now.isBefore(leak.until())) {
      end(action);
      return;
    }
    begin(action, leak.function(), leak.module(), leak.region(), leak.areaPages());
    double chances = Math.exp(0.5 * chance.nextGaussian() - 0.125);
    action.dueBytes += leak.bytesPerHour() * hours * chances * (0.6 + 0.4 * load);
    grow(action, Math.min(action.dueBytes, leak.mostBytes()));
  }

  private void act(Effect.Step step, Action action, double hours) {
    if (!now.isBefore(step.until())) {
      end(action);
      return;
    }
    // Gone with a reboot: what took it does not come again.
    boolean begins = !step.from().isBefore(now.minusMillis((long) (hours * 3_600_000)));
    if (!action.done && (begins || action.holding != null)) {
      begin(action, step.function(), step.module(), step.region(), step.areaPages());
      grow(action, step.bytes());
      action.done = true;
    }
  }

  private void act(Effect.Fill fill, Action action) {
    if (!now.isBefore(fill.until())) {
      end(action);
      return;
    }
    begin(action, fill.function(), fill.module(), fill.region(), fill.areaPages());
    Instant since = bootedAt.isAfter(fill.from()) ? bootedAt : fill.from();
    double constants =
        Duration.between(since, now).toMillis() / (double) fill.timeConstant().toMillis();
    grow(action, fill.bytes() * (1 - Math.exp(-constants)));
  }

  private void act(Effect.Shatter shatter, Action action) {
    if (!now.isBefore(shatter.until())) {
      end(action);
      return;
    }
    begin(action, shatter.function(), shatter.module(), shatter.region(), shatter.areaPages());
    double whole = Duration.between(shatter.from(), shatter.until()).toMillis();
    double progress = Duration.between(shatter.from(), now).toMillis() / whole;
    int all =
        (int) (memory.windowPages(shatter.region()) * shatter.share() / (shatter.areaPages() + 1));
    int taken = (int) (all * Math.min(1, 2 * progress));
    int freed = (int) (taken / 2 * Math.max(0, Math.min(1, 4 * (progress - 0.5))));
    // Before any is taken: no reading shows an area that comes and goes within one step.
    while (action.holding.slots.size() > Math.max(0, action.taken - freed)) {
      memory.giveEverySecond(action.holding);
    }
    for (; action.taken < taken && memory.take(action.holding); action.taken++) {
      // One after the other: they lie side by side.
    }
  }

  private void begin(Action action, String function, String module, Region region, int pages) {
    if (action.holding != null) {
      return;
    }
    Placement placement =
        switch (region) {
          case MODULES -> Placement.MODULE;
          case PERCPU -> Placement.PERCPU;
          case VMALLOC, UNKNOWN -> Placement.VMALLOC;
        };
    action.holding = memory.hold(nameOf(function), module, placement, new int[] {pages});
    if (region == Region.PERCPU) {
      boolean recent = build.generation().equals("6");
      action.metadata =
          memory.hold(
              recent ? "pcpu_create_chunk" : "pcpu_mem_zalloc",
              "",
              Placement.VMALLOC,
              recent ? new int[] {2, 8, 9, 512} : new int[] {2, 3});
    }
  }

  private void grow(Action action, double bytes) {
    int areas = (int) (bytes / ((double) action.holding.sizes[0] * Areas.PAGE));
    int before = action.holding.slots.size();
    take(action.holding, areas - before);
    if (action.metadata != null) {
      take(action.metadata, 4 * (action.holding.slots.size() - before));
    }
  }

  private void end(Action action) {
    if (action.holding != null) {
      memory.giveAll(action.holding);
      if (action.metadata != null) {
        memory.giveAll(action.metadata);
      }
      action.holding = null;
    }
  }
}
