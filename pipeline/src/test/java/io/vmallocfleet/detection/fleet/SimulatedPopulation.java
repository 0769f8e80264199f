/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Made-up hosts whose callers vary as real ones do, looked at, summed up and judged as in the job.
 * What a caller holds is level × (1 + daily wave + noise that remembers + what hosts share), and
 * warms up after a reboot; a test adds what happens.
 */
final class SimulatedPopulation {
  static final FleetSettings SETTINGS =
      new FleetSettings(
          Duration.ofDays(1),
          6,
          4,
          10,
          5,
          20,
          5,
          6,
          64L << 20,
          4L << 20,
          0.1,
          256L << 10,
          0.001,
          1);
  static final String OLD = "6.1\n#1\nx86_64";
  static final String NEW = "6.6\n#2\nx86_64";
  static final double MIB = 1 << 20;

  /** What a host holds of a caller beside its usual life, bytes; may be negative. */
  interface Event {
    double bytes(int host, int bucket, double usual);
  }

  private final int hosts;
  private final Random random;
  private final Map<String, Double> callers = new LinkedHashMap<>();
  private final Map<String, List<Event>> events = new HashMap<>();
  private final Map<String, String> newNames = new HashMap<>();
  private final int[] joins;
  private final int[] leaves;
  private final List<Map<Integer, String>> boots = new ArrayList<>();
  private double noise = 0.02;
  private double shared = 0.001;
  private double warmUp;
  private double spread = 0.3;

  SimulatedPopulation(int hosts, long seed) {
    this.hosts = hosts;
    random = new Random(seed * 0x9E3779B97F4A7C15L + 0x632BE59BD9B4E019L);
    joins = new int[hosts];
    leaves = new int[hosts];
    java.util.Arrays.fill(leaves, Integer.MAX_VALUE);
    for (int i = 0; i < hosts; i++) {
      boots.add(new TreeMap<>());
    }
    caller("kernel_clone", 200);
    caller("bpf_prog_alloc_no_stats", 80);
    caller("htab_map_alloc", 120);
    caller("load_module", 60);
    caller("n_tty_open", 10);
    caller("relay_open_buf", 30);
    caller("pcpu_get_vm_areas", 300);
  }

  SimulatedPopulation caller(String name, double mib) {
    callers.put(name, mib * MIB);
    return this;
  }

  SimulatedPopulation noise(double share, double sharedByAll) {
    noise = share;
    shared = sharedByAll;
    return this;
  }

  /** How much hosts differ in size: deviation of the natural logarithm. */
  SimulatedPopulation spread(double ofLogarithms) {
    spread = ofLogarithms;
    return this;
  }

  /** Days until a cache is filled to 63 %, after each reboot and join; 0 for none. */
  SimulatedPopulation warmUp(double days) {
    warmUp = days;
    return this;
  }

  SimulatedPopulation event(String caller, Event event) {
    callers.putIfAbsent(caller, 0.0);
    events.computeIfAbsent(caller, c -> new ArrayList<>()).add(event);
    return this;
  }

  SimulatedPopulation join(int host, int bucket) {
    joins[host] = bucket;
    return this;
  }

  SimulatedPopulation leave(int host, int bucket) {
    leaves[host] = bucket;
    return this;
  }

  SimulatedPopulation reboot(int host, int bucket, String cohort) {
    boots.get(host).put(bucket, cohort);
    return this;
  }

  /** In the new kernel a caller has another name. */
  SimulatedPopulation renamed(String from, String to) {
    newNames.put(from, to);
    return this;
  }

  /** Detections by bucket. */
  Map<Integer, List<FleetDetection>> run(int buckets, FleetJudge judge) {
    Map<Integer, List<FleetDetection>> found = new TreeMap<>();
    var memory = new FleetMemory();
    HostPanel[] panels = new HostPanel[hosts];
    String[] names = callers.keySet().toArray(String[]::new);
    double[][] state = new double[hosts][names.length];
    double[][] size = new double[hosts][names.length];
    double[] common = new double[names.length];
    for (double[] host : size) {
      for (int c = 0; c < names.length; c++) {
        host[c] = Math.exp(spread * random.nextGaussian());
      }
    }
    for (int bucket = 0; bucket < buckets; bucket++) {
      Map<String, PopulationSum> sums = new HashMap<>();
      for (int c = 0; c < names.length; c++) {
        common[c] = 0.8 * common[c] + 0.6 * shared * random.nextGaussian();
      }
      for (int host = 0; host < hosts; host++) {
        String cohort = OLD;
        int booted = joins[host] == 0 ? -1_000 : joins[host];
        for (Map.Entry<Integer, String> boot : boots.get(host).entrySet()) {
          if (boot.getKey() <= bucket) {
            booted = boot.getKey();
            cohort = boot.getValue();
          }
        }
        if (bucket < joins[host] || bucket >= leaves[host]) {
          continue;
        }
        String[] shown = new String[names.length];
        long[] bytes = new long[names.length];
        for (int c = 0; c < names.length; c++) {
          state[host][c] = 0.5 * state[host][c] + 0.87 * noise * heavyTailed();
          double wave = 0.05 * Math.sin(2 * Math.PI * bucket / 6.0);
          double age = bucket - booted;
          double filled = warmUp == 0 ? 1 : 1 - 0.5 * Math.exp(-age / 6.0 / warmUp);
          double usual =
              callers.get(names[c])
                  * size[host][c]
                  * filled
                  * (1 + wave + state[host][c] + common[c]);
          double all = usual;
          for (Event event : events.getOrDefault(names[c], List.of())) {
            all += event.bytes(host, bucket, usual);
          }
          shown[c] = cohort.equals(NEW) ? newNames.getOrDefault(names[c], names[c]) : names[c];
          bytes[c] = Math.max(0, Math.round(all));
        }
        String id = "host-" + host;
        String boot = "boot-" + booted;
        if (panels[host] == null) {
          panels[host] = HostPanel.of(boot, cohort, bucket);
        }
        for (int look = 0; look < 4; look++) {
          panels[host] = panels[host].look(bucket, look, boot, cohort, shown, bytes, SETTINGS);
        }
        HostPanel.Closed closed = panels[host].close(bucket, SETTINGS);
        panels[host] = closed.next();
        String role = host % 10 == 0 ? "db" : "web";
        if (closed.sample() != null) {
          sums.computeIfAbsent("\0" + cohort, k -> new PopulationSum()).addHost(role);
          for (int i = 0; i < closed.sample().callers().length; i++) {
            sums.computeIfAbsent(
                    closed.sample().callers()[i] + "\0" + cohort, k -> new PopulationSum())
                .add(closed.sample(), i, id, id, role);
          }
        }
      }
      List<Population> populations = new ArrayList<>();
      for (Map.Entry<String, PopulationSum> sum : sums.entrySet()) {
        String[] key = sum.getKey().split("\0");
        populations.add(sum.getValue().toPopulation(key[0], key[1], bucket));
      }
      found.put(bucket, judge.judge(bucket, populations, memory));
    }
    return found;
  }

  private double heavyTailed() {
    double scale = random.nextInt(20) == 0 ? 3 : 1;
    return scale * random.nextGaussian();
  }
}
