/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.host;

import io.vmallocfleet.agent.host.HostIdentities;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What a host is before it begins to live. The same seed and index give the same plan.
 *
 * @param region where it stands: decides when its day is
 * @param offsetShare its moment within each interval, from 0 to below 1
 * @param size factor on the number of areas of all its callers
 */
public record HostPlan(
    int index,
    String id,
    String name,
    Role role,
    String region,
    double utcOffsetHours,
    KernelBuild build,
    int cpus,
    long memoryBytes,
    double offsetShare,
    double size,
    long seed) {
  private static final String[] REGIONS = {"eu-west", "us-east", "ap-south"};
  private static final double[] UTC_OFFSETS = {1, -5, 5.5};
  private static final long GIB = 1L << 30;

  public static HostPlan of(long seed, int index) {
    long own = mix(seed, index);
    var random = new SplittableRandom(own);
    Role role = Role.at(random.nextDouble());
    int region = random.nextInt(REGIONS.length);
    boolean appliance = role == Role.APPLIANCE;
    int cpus = appliance ? 4 : 4 << random.nextInt(4);
    return new HostPlan(
        index,
        HostIdentities.hash("simulated:" + seed + ":" + index),
        "%s-%04d".formatted(appliance ? "box" : role.label().substring(0, 2), index),
        role,
        REGIONS[region],
        UTC_OFFSETS[region],
        appliance ? KernelBuild.APPLIANCE : KernelBuild.at(random.nextDouble()),
        cpus,
        appliance ? 2 * GIB : cpus * (role == Role.DATABASE ? 8 : 4) * GIB,
        random.nextDouble(),
        appliance ? 1 : Math.exp(0.25 * random.nextGaussian() - 0.03),
        own);
  }

  Map<String, String> labels() {
    return Map.of("role", role.label(), "region", region, "simulated", "true");
  }

  /** SplitMix64's finaliser (Steele, Lea and Flood, 2014), so that no two seeds start alike. */
  public static long mix(long seed, long number) {
    long z = seed * 0x9e3779b97f4a7c15L + (number + 1) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
