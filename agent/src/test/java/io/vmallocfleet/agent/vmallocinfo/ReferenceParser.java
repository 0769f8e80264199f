/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The grammar once more, slow and obvious: strings, regular expressions, one map per question.
 * Written from the description of the format, not from the parser, which must agree with it on
 * every file.
 */
final class ReferenceParser {

  /** What a file holds: areas by line number, the other lines by number, and the mode. */
  record Outcome(
      SortedMap<Integer, VmallocArea> areas,
      Set<Integer> malformed,
      Set<Integer> repeated,
      AddressMode mode) {}

  private static final Pattern ROW =
      Pattern.compile(
          "0x(?<start>[0-9a-f]{16}|[0-9a-f]{8}|\\(____ptrval____\\)|\\(ptrval\\))"
              + "-0x(?<end>[0-9a-f]{16}|[0-9a-f]{8}|\\(____ptrval____\\)|\\(ptrval\\))"
              + " +(?<size>[0-9]{1,18})(?: +(?<rest>.+))?");
  private static final String MODULE =
      "(?: \\[[\\x21-\\x7e&&[^\\[\\]\\\\()]][\\x20-\\x7e&&[^\\[\\]\\\\]]*\\])?";
  private static final Pattern CALLER =
      Pattern.compile(
          "(?<caller>0x[0-9a-f]{1,16}"
              + "|[\\x21-\\x7e&&[^=\\[\\]\\\\]]+\\+0x[0-9a-f]{1,15}/0x[0-9a-f]{1,15}"
              + MODULE
              + "|\\.?[A-Za-z_$][A-Za-z0-9_.$]*"
              + MODULE
              + ")(?: +(?<rest>.+))?");
  private static final Pattern UNKNOWN_WORD =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*(=[\\x21-\\x7e]+)?");
  private static final Pattern COMPILER_SUFFIX =
      Pattern.compile("(\\.(isra|constprop|part|cold|lto_priv)(\\.[0-9]+)?|\\.llvm\\.\\w+)$");
  private static final Pattern TAIL =
      Pattern.compile(
          " *(pages=.*|phys=.*|N[0-9].*|\\[.*|vm_map_ram|unpurged|freeing|vm_area|0x[0-9a-f]{1,16}"
              + "|ioremap|sparse|vmalloc|vmap|user|dma-coherent|vpages|lowmem"
              + "|(?!0x)[\\x21-\\x7e&&[^=\\[\\]\\\\]]+\\+0x[0-9a-f]{1,15}/0x[0-9a-f]{1,15})( .*)?",
          Pattern.DOTALL);
  private static final Set<String> RESERVED =
      Set.of("vm_map_ram", "unpurged", "freeing", "vm_area");

  private static final Map<String, AreaFlag> FLAGS = new HashMap<>();

  static {
    Stream.of(AreaFlag.values())
        .filter(flag -> flag != AreaFlag.VM_MAP_RAM && flag != AreaFlag.UNPURGED)
        .forEach(flag -> FLAGS.put(flag.word(), flag));
  }

  private final SortedMap<Integer, VmallocArea> areas = new TreeMap<>();
  private final Map<Integer, String> addresses = new HashMap<>();
  private final Set<Integer> malformed = new TreeSet<>();
  private final Set<Integer> repeated = new TreeSet<>();

  private ReferenceParser() {}

  static Outcome parse(String file) {
    ReferenceParser parser = new ReferenceParser();
    parser.lines(file);
    AddressMode mode = parser.mode();
    parser.dropContradictions(mode);
    if (mode == AddressMode.REAL || mode == AddressMode.HASHED) {
      parser.dropRepetitions();
    }
    return new Outcome(parser.areas, parser.malformed, parser.repeated, mode);
  }

  private void lines(String file) {
    String[] lines = file.split("\n", -1);
    int count = lines[lines.length - 1].isEmpty() ? lines.length - 1 : lines.length;
    for (int number = 1; number <= count; number++) {
      String line = lines[number - 1];
      if (line.endsWith("\r")) {
        line = line.substring(0, line.length() - 1);
      }
      VmallocArea area = number < lines.length ? area(line) : null;
      if (area != null) {
        areas.put(number, area);
        addresses.put(number, line.substring(0, line.indexOf(' ')));
        continue;
      }
      malformed.add(number);
      if (areas.containsKey(number - 1) && TAIL.matcher(line).matches()) {
        areas.remove(number - 1);
        malformed.add(number - 1);
      }
    }
  }

  /** The area of a line, or null. */
  private static VmallocArea area(String line) {
    Matcher row = ROW.matcher(line);
    if (line.endsWith(" ") || line.contains("\r") || !row.matches()) {
      return null;
    }
    String start = row.group("start");
    String end = row.group("end");
    long size = Long.parseLong(row.group("size"));
    boolean bothHidden = start.equals(end) || !start.startsWith("(") && !end.startsWith("(");
    if (start.length() != end.length() || !bothHidden || size == 0) {
      return null;
    }
    Tail tail = new Tail();
    if (!tail.read(row.group("rest")) || tail.pages > size / 4096) {
      return null;
    }
    return new VmallocArea(
        address(start),
        address(end),
        size,
        tail.caller,
        tail.pages,
        tail.phys,
        tail.flags,
        tail.words,
        tail.nodes);
  }

  private static long address(String digits) {
    return digits.startsWith("(") ? 0 : Long.parseUnsignedLong(digits, 16);
  }

  /** Everything behind the size. */
  private static final class Tail {
    Caller caller = Caller.NONE;
    long pages;
    long phys;
    final Set<AreaFlag> flags = new HashSet<>();
    final List<String> words = new ArrayList<>();
    final TreeMap<Integer, Long> nodes = new TreeMap<>();
    private final Set<String> seen = new HashSet<>();

    boolean read(String rest) {
      if (rest == null) {
        return true;
      }
      if (rest.equals("vm_map_ram")) {
        return flags.add(AreaFlag.VM_MAP_RAM);
      }
      if (rest.equals("unpurged vm_area") || rest.equals("freeing vm_area")) {
        return flags.add(AreaFlag.UNPURGED);
      }
      String first = rest.split(" ")[0];
      if (!first.contains("=") && !FLAGS.containsKey(first)) {
        Matcher matcher = CALLER.matcher(rest);
        if (RESERVED.contains(first) || !matcher.matches()) {
          return false;
        }
        caller = callerOf(matcher.group("caller"));
        rest = matcher.group("rest");
      }
      return caller != null && (rest == null || Stream.of(rest.split(" +")).allMatch(this::word));
    }

    private boolean word(String word) {
      if (word.startsWith("pages=")) {
        return once("pages=") && number(word.substring(6), n -> (pages = n) >= 0);
      }
      if (word.startsWith("phys=")) {
        String hex = word.substring(5).replaceFirst("^0x", "");
        if (!hex.matches("[0-9a-f]{1,16}") || !once("phys=")) {
          return false;
        }
        phys = Long.parseUnsignedLong(hex, 16);
        return true;
      }
      if (word.matches("N[0-9].*")) {
        String[] pair = word.substring(1).split("=", 2);
        return pair.length == 2
            && number(pair[0], node -> node <= Integer.MAX_VALUE)
            && number(pair[1], n -> node(Integer.parseInt(pair[0]), n));
      }
      if (FLAGS.containsKey(word)) {
        return flags.add(FLAGS.get(word));
      }
      return !RESERVED.contains(word) && UNKNOWN_WORD.matcher(word).matches() && words.add(word);
    }

    private boolean once(String key) {
      return seen.add(key);
    }

    private boolean node(int node, long count) {
      boolean ascending = nodes.isEmpty() || nodes.lastKey() < node;
      nodes.put(node, count);
      return ascending;
    }

    private static boolean number(String digits, Predicate<Long> use) {
      return digits.matches("[0-9]{1,18}") && use.test(Long.parseLong(digits));
    }
  }

  /** The caller of a text that matches; null if nothing is left of the name. */
  private static Caller callerOf(String text) {
    if (text.startsWith("0x")) {
      return text.matches("0x[0-9a-f]{1,16}")
          ? new Caller("unresolved", "", "", -1, -1, text)
          : null;
    }
    String module = "";
    String symbol = text;
    if (text.contains(" [")) {
      module = text.split(" \\[")[1].replaceAll("[ (].*|\\]$", "");
      symbol = text.split(" \\[")[0];
    }
    long offset = -1;
    long size = -1;
    int plus = symbol.lastIndexOf("+0x");
    if (plus >= 0) {
      String[] numbers = symbol.substring(plus + 3).split("/0x");
      offset = Long.parseLong(numbers[0], 16);
      size = Long.parseLong(numbers[1], 16);
      symbol = symbol.substring(0, plus);
    }
    String name = symbol.replaceFirst("^\\.", "");
    String function = name;
    while (COMPILER_SUFFIX.matcher(function).find()) {
      function = COMPILER_SUFFIX.matcher(function).replaceFirst("");
    }
    String suffix = name.substring(function.length());
    return function.isEmpty() ? null : new Caller(function, suffix, module, offset, size, text);
  }

  private AddressMode mode() {
    Map<AddressMode, Integer> votes = new HashMap<>();
    areas.forEach((line, area) -> votes.merge(vote(line, area), 1, Integer::sum));
    votes.remove(AddressMode.UNKNOWN);
    AddressMode winner = AddressMode.UNKNOWN;
    for (AddressMode mode : AddressMode.values()) {
      if (votes.getOrDefault(mode, 0) > votes.getOrDefault(winner, 0)) {
        winner = mode;
      }
    }
    return winner;
  }

  private AddressMode vote(int line, VmallocArea area) {
    if (addresses.get(line).contains("ptrval")) {
      return AddressMode.PLACEHOLDER;
    }
    if (area.start() == 0 && area.end() == 0) {
      return AddressMode.ZEROED;
    }
    if (provesItself(line, area)) {
      return AddressMode.REAL;
    }
    boolean aligned = area.start() % 4096 == 0 && area.end() % 4096 == 0;
    return hashLike(area) && !aligned ? AddressMode.HASHED : AddressMode.UNKNOWN;
  }

  private boolean provesItself(int line, VmallocArea area) {
    int bits = addresses.get(line).length() > 30 ? 64 : 32;
    BigInteger distance =
        new BigInteger(Long.toUnsignedString(area.end()))
            .subtract(new BigInteger(Long.toUnsignedString(area.start())))
            .mod(BigInteger.ONE.shiftLeft(bits));
    return distance.equals(BigInteger.valueOf(area.size()));
  }

  private static boolean hashLike(VmallocArea area) {
    long limit = 1L << 32;
    return Long.compareUnsigned(area.start(), limit) < 0
        && Long.compareUnsigned(area.end(), limit) < 0;
  }

  private void dropContradictions(AddressMode mode) {
    for (int line : List.copyOf(areas.keySet())) {
      VmallocArea area = areas.get(line);
      boolean hidden = area.start() == 0 && area.end() == 0;
      boolean hashed = mode == AddressMode.HASHED && hashLike(area);
      if (!hidden && !provesItself(line, area) && !hashed) {
        areas.remove(line);
        malformed.add(line);
      }
    }
  }

  private void dropRepetitions() {
    Set<List<Object>> known = new HashSet<>();
    for (int line : List.copyOf(areas.keySet())) {
      VmallocArea area = areas.get(line);
      List<Object> identity =
          List.of(area.start(), area.end(), area.size(), area.caller(), area.flags());
      boolean hidden = area.start() == 0 && area.end() == 0;
      if (!hidden && !known.add(identity)) {
        areas.remove(line);
        repeated.add(line);
      }
    }
  }
}
