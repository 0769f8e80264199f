/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.web;

import static io.vmallocfleet.console.Samples.NEW;
import static io.vmallocfleet.console.Samples.caller;
import static io.vmallocfleet.console.Samples.encoded;
import static io.vmallocfleet.console.Samples.firing;
import static io.vmallocfleet.console.Samples.host;
import static io.vmallocfleet.console.Samples.leak;
import static io.vmallocfleet.console.Samples.on;
import static io.vmallocfleet.console.Samples.usage;

import io.vmallocfleet.schemas.CallerUsage;
import io.vmallocfleet.schemas.Cohort;
import io.vmallocfleet.schemas.HostUse;
import io.vmallocfleet.schemas.HostWindow;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A console that knows 100,000 hosts and 5,000 callers in four kernel builds: what it costs in
 * heap, and how fast its API answers on loopback. Run it with {@code -Xmx1g}; given {@code serve},
 * it stays for a browser.
 *
 * <pre>java -Xmx1g -cp ... io.vmallocfleet.console.web.LoadedConsole [serve]</pre>
 */
final class LoadedConsole {
  private static final int HOSTS = 100_000;
  private static final int CALLERS = 5_000;
  private static final int WINDOWS = 4;
  private static final int REQUESTS = 100;
  private static final List<Cohort> BUILDS =
      List.of(
          NEW,
          new Cohort("6.12.9", "#1 SMP", "x86_64"),
          new Cohort("6.6.60", "#1 SMP", "x86_64"),
          new Cohort("6.6.61", "#2 SMP", "aarch64"));

  private LoadedConsole() {}

  public static void main(String[] arguments) throws Exception {
    try (var server = new TestServer()) {
      long began = System.nanoTime();
      fill(server);
      System.out.printf(
          Locale.ROOT,
          "loaded %,d hosts and %,d callers in %.1f s%n",
          HOSTS,
          CALLERS,
          (System.nanoTime() - began) / 1e9);
      for (int i = 0; i < 3; i++) {
        System.gc();
      }
      Runtime runtime = Runtime.getRuntime();
      System.out.printf(
          Locale.ROOT,
          "heap after collection %,d MiB of %,d MiB%n",
          (runtime.totalMemory() - runtime.freeMemory()) >> 20,
          runtime.maxMemory() >> 20);
      for (String path :
          List.of(
              "/api/fleet",
              "/api/fleet?range=24h",
              "/api/hosts",
              "/api/hosts?sort=CHANGE&offset=5000",
              "/api/hosts?q=rack-42&sort=NAME",
              "/api/hosts/node-004242-id",
              "/api/callers?sort=MOVED&range=24h",
              "/api/caller?function=function_7&range=24h",
              "/api/search?q=node-0999",
              "/api/alerts")) {
        measure(server, path);
      }
      if (Arrays.asList(arguments).contains("serve")) {
        System.out.println("serving " + server.url("/") + " until it is stopped");
        Thread.currentThread().join();
      }
    }
  }

  private static void measure(TestServer server, String path) {
    long[] micros = new long[REQUESTS];
    int bytes = 0;
    for (int i = -20; i < REQUESTS; i++) {
      long began = System.nanoTime();
      var answer = server.get(path);
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(path + " answers " + answer.body());
      }
      if (i >= 0) {
        micros[i] = (System.nanoTime() - began) / 1_000;
        bytes = answer.body().length();
      }
    }
    Arrays.sort(micros);
    System.out.printf(
        Locale.ROOT,
        "%-44s p50 %6.1f ms  p95 %6.1f ms  max %6.1f ms  %,8d characters%n",
        path,
        micros[REQUESTS / 2] / 1e3,
        micros[REQUESTS * 95 / 100] / 1e3,
        micros[REQUESTS - 1] / 1e3,
        bytes);
  }

  private static void fill(TestServer server) {
    var random = new Random(1);
    for (int window = 0; window < WINDOWS; window++) {
      int end = window;
      for (int batch = 0; batch < HOSTS; batch += 500) {
        List<HostWindow> hosts =
            IntStream.range(batch, batch + 500).mapToObj(i -> oneHost(i, end, random)).toList();
        server.store.write(() -> hosts.forEach(h -> server.store.add(h, encoded(h))));
      }
      server.store.write(() -> callers(server, end, random));
    }
    server.store.write(
        () ->
            IntStream.range(0, 2_000)
                .forEach(
                    i ->
                        server.store.add(
                            firing(leak("f" + i, "node-%06d".formatted(i), "function_" + i).build())
                                .build())));
  }

  private static HostWindow oneHost(int number, int window, Random random) {
    CallerUsage[] callers = new CallerUsage[20];
    for (int i = 0; i < callers.length; i++) {
      callers[i] =
          usage(
              "function_" + (number * 7 + i * 13) % CALLERS, (1L << 20) + random.nextInt(1 << 22));
    }
    return host("node-%06d".formatted(number), window, callers)
        .setCohort(BUILDS.get(number % 4))
        .setLabels(Map.of("rack", "rack-" + number % 500, "region", "region-" + number % 5))
        .build();
  }

  private static void callers(TestServer server, int window, Random random) {
    for (int i = 0; i < CALLERS; i++) {
      for (Cohort build : BUILDS) {
        var hosts = new HostUse[5];
        for (int h = 0; h < hosts.length; h++) {
          hosts[h] = on("node-%06d".formatted((i * 31 + h) % HOSTS), 1 + random.nextInt(1 << 24));
        }
        server.store.add(caller("function_" + i, window, build, hosts));
      }
    }
  }
}
