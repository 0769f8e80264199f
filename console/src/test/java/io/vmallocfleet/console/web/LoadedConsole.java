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

import io.vmallocfleet.console.Samples;
import io.vmallocfleet.schemas.AddressMode;
import io.vmallocfleet.schemas.Area;
import io.vmallocfleet.schemas.CallSite;
import io.vmallocfleet.schemas.CallerUsage;
import io.vmallocfleet.schemas.Cohort;
import io.vmallocfleet.schemas.Host;
import io.vmallocfleet.schemas.HostMemory;
import io.vmallocfleet.schemas.HostUse;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.Region;
import io.vmallocfleet.schemas.SpoolOccupancy;
import io.vmallocfleet.schemas.VmallocSnapshot;
import io.vmallocfleet.schemas.snapshot.AreaFlags;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.annotation.Nullable;

/**
 * A console that knows 100,000 hosts and 5,000 callers in four kernel builds: what it costs in
 * heap, and how fast everything its API can be asked answers on loopback. {@code
 * benchmarks/console} runs it; given {@code serve}, it stays for a browser.
 */
final class LoadedConsole {
  private static final int HOSTS = 100_000;
  private static final int CALLERS = 5_000;
  private static final int WINDOWS = 4;
  private static final int REQUESTS = 100;

  /** The server takes no more than sixty a minute. */
  private static final int UPLOADS = 20;

  private static final int MOST_P95_MILLIS = 200;
  private static final Set<String> NOT_MEASURED =
      Set.of(
          "GET /api/events",
          "POST /api/session",
          "POST /api/alerts/{fingerprint}/ack",
          "DELETE /api/alerts/{fingerprint}/ack",
          "POST /api/mutes",
          "POST /api/sql",
          "GET /api/sql/{id}",
          "DELETE /api/sql/{id}");
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
      server.snapshot(snapshot());
      System.out.printf(
          Locale.ROOT,
          "loaded %,d hosts and %,d callers in %.1f s%n",
          HOSTS,
          CALLERS,
          (System.nanoTime() - began) / 1e9);
      List<Request> requests = requests();
      checkComplete(server, requests);
      System.out.printf(
          "%-52s %9s %9s %9s %12s%n", "request", "p50 ms", "p95 ms", "max ms", "bytes");
      boolean slow = false;
      for (Request request : requests) {
        slow |= measure(server, request) > MOST_P95_MILLIS;
      }
      for (int i = 0; i < 3; i++) {
        System.gc();
      }
      Runtime runtime = Runtime.getRuntime();
      System.out.printf(
          Locale.ROOT,
          "heap after collection %,d MiB of %,d MiB; p95 of every request %s %d ms%n",
          (runtime.totalMemory() - runtime.freeMemory()) >> 20,
          runtime.maxMemory() >> 20,
          slow ? "is NOT below" : "is below",
          MOST_P95_MILLIS);
      if (Arrays.asList(arguments).contains("serve")) {
        System.out.println("serving " + server.url("/") + " until it is stopped");
        Thread.currentThread().join();
      }
    }
  }

  /**
   * @param route as the server declares it, so that none is forgotten
   * @param body what is sent; null to only ask
   */
  private record Request(String route, String path, @Nullable byte[] body) {
    static Request get(String route, String path) {
      return new Request("GET " + route, path, null);
    }

    static Request get(String path) {
      return get(path.replaceAll("\\?.*", ""), path);
    }
  }

  private static List<Request> requests() {
    String host = "/api/hosts/node-004242-id";
    return List.of(
        Request.get("/api/status"),
        Request.get("/api/session"),
        Request.get("/api/fleet"),
        Request.get("/api/fleet?range=24h"),
        Request.get("/api/hosts"),
        Request.get("/api/hosts?sort=CHANGE&offset=5000"),
        Request.get("/api/hosts?sort=NAME&offset=99950"),
        Request.get("/api/hosts?sort=SPOOL"),
        Request.get("/api/hosts?q=rack-42&sort=NAME"),
        Request.get("/api/hosts?q=nothing-like-it"),
        Request.get("/api/hosts/{id}", host),
        Request.get("/api/hosts/{id}", host + "?range=24h"),
        Request.get("/api/hosts/{id}/map", host + "/map"),
        Request.get(
            "/api/hosts/{id}/hole", host + "/hole?low=0xffffc90000005000&high=0xffffc90000008000"),
        Request.get("/api/hosts/{id}/vmallocinfo", host + "/vmallocinfo"),
        Request.get("/api/callers"),
        Request.get("/api/callers?sort=MOVED&range=24h"),
        Request.get("/api/callers?q=function_99"),
        Request.get("/api/caller?function=function_7"),
        Request.get("/api/caller?function=function_7&range=24h"),
        Request.get("/api/families"),
        Request.get("/api/search?q=node-0999"),
        Request.get("/api/search?q=function_4"),
        Request.get("/api/search?q=nothing-like-it"),
        Request.get("/api/alerts"),
        Request.get("/api/alerts?q=function_19&state=FIRING"),
        Request.get("/api/alerts/{fingerprint}", "/api/alerts/f42"),
        Request.get("/api/rules"),
        Request.get("/api/pipeline"),
        new Request("POST /api/explain", "/api/explain", file()),
        new Request(
            "POST /api/explain/hole",
            "/api/explain/hole?low=0xffffc90000005000&high=0xffffc90000008000",
            file()));
  }

  /** 5,000 rows of a host that shows its addresses. */
  private static byte[] file() {
    var text = new StringBuilder();
    for (int i = 0; i < 5_000; i++) {
      long begin = 0xffffc90000000000L + i * 0x8000L;
      text.append(
          String.format(
              Locale.ROOT,
              "0x%x-0x%x   20480 function_%d+0x94/0x3e0 pages=4 vmalloc N0=4%n",
              begin,
              begin + 20_480,
              i % 300));
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** What changes something, asks Flink, or never ends is no matter of how many hosts there are. */
  private static void checkComplete(TestServer server, List<Request> requests) {
    Set<String> measured = requests.stream().map(Request::route).collect(Collectors.toSet());
    List<String> forgotten =
        server.server.routes().stream()
            .filter(route -> route.contains(" /api/"))
            .filter(route -> !measured.contains(route) && !NOT_MEASURED.contains(route))
            .toList();
    if (!forgotten.isEmpty()) {
      throw new IllegalStateException("nobody measures " + forgotten);
    }
  }

  /** The 95th percentile in milliseconds. */
  private static double measure(TestServer server, Request request) {
    long[] micros = new long[request.body() == null ? REQUESTS : UPLOADS];
    int bytes = 0;
    for (int i = -micros.length / 4; i < micros.length; i++) {
      long began = System.nanoTime();
      var answer =
          request.body() == null
              ? server.get(request.path())
              : server.post(request.path(), new String(request.body(), StandardCharsets.US_ASCII));
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(request.path() + " answers " + answer.body());
      }
      if (i >= 0) {
        micros[i] = (System.nanoTime() - began) / 1_000;
        bytes = answer.body().length();
      }
    }
    Arrays.sort(micros);
    double p95 = micros[micros.length * 95 / 100] / 1e3;
    String shown = request.body() == null ? request.path() : request.route();
    System.out.printf(
        Locale.ROOT,
        "%-52s %9.1f %9.1f %9.1f %,12d%n",
        shown.length() > 52 ? shown.substring(0, 51) + "…" : shown,
        micros[micros.length / 2] / 1e3,
        p95,
        micros[micros.length - 1] / 1e3,
        bytes);
    return p95;
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

  /** 800 areas of 300 callers, every third of them before a hole. */
  private static VmallocSnapshot snapshot() {
    List<CallSite> sites =
        IntStream.range(0, 300)
            .mapToObj(i -> new CallSite("function_" + i, "", "", 0x94L, 0x3e0L))
            .toList();
    List<Area> areas =
        IntStream.range(0, 800)
            .mapToObj(
                i ->
                    new Area(
                        i % 300,
                        Region.VMALLOC,
                        i % 3 == 0 ? 0x3000L : 0L,
                        20_480L,
                        4L,
                        AreaFlags.VMALLOC,
                        0L,
                        List.of(),
                        List.of()))
            .toList();
    return new VmallocSnapshot(
        new Host(
            "node-004242-id",
            "node-004242",
            "boot-1",
            "6.18.44",
            "#1",
            "x86_64",
            4096,
            4,
            Map.of()),
        "run-1",
        7L,
        Samples.NOON,
        120,
        80,
        AddressMode.REAL,
        null,
        0L,
        0L,
        0,
        List.of(),
        0,
        0,
        new HostMemory(1L << 34, 1L << 45, 1L << 24, -1L, 1L << 28),
        new SpoolOccupancy(0L, 0L, 64L << 20),
        sites,
        areas,
        List.of());
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
        .setSpool(new SpoolOccupancy((long) number % 7, number % 7 * 20_000L, 64L << 20))
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
