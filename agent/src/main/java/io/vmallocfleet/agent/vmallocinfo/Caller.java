/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who asked for an area: a return address, printed by the kernel as {@code
 * qp_alloc_queue.constprop.0+0x44/0x110 [vmw_vmci]}. Only function and module compare across kernel
 * builds.
 *
 * <p>Source: {@code __sprint_symbol} in {@code kernel/kallsyms.c}. Offset 0 means that the kernel
 * passed a function, not a call site.
 *
 * @param function without offset, compiler suffix and the leading dot of ppc64; {@code unresolved}
 *     for a bare address; empty for {@link #NONE}
 * @param suffix what the compiler appended, such as {@code .isra.0.cold}; empty if nothing
 * @param module kernel module; empty for the kernel itself
 * @param offset bytes of the return address into the function; -1 if not printed
 * @param functionSize bytes of the function; -1 if not printed
 * @param text as printed. <b>A secret if not {@link #resolved}</b>: see {@link #redacted}.
 */
public record Caller(
    String function, String suffix, String module, long offset, long functionSize, String text) {

  /** The kernel recorded no caller. */
  public static final Caller NONE = new Caller("", "", "", -1, -1, "");

  /**
   * Any bare address: code the kernel no longer knows, such as freed module init text. The number
   * stays out, because it is a real kernel address even in a file that hides all others.
   */
  public static final Caller UNRESOLVED = new Caller("unresolved", "", "", -1, -1, "unresolved");

  /** Callers beyond {@link ParserLimits#callSites}. */
  public static final Caller UNLISTED = new Caller("unlisted", "", "", -1, -1, "unlisted");

  private static final Pattern WITH_OFFSET =
      Pattern.compile(
          "(?<symbol>[!-<>-Z^-~]+)\\+0x(?<offset>[0-9a-f]{1,15})/0x(?<size>[0-9a-f]{1,15})"
              + "(?: \\[(?<module>[!-'*-Z^-~][ -Z^-~]*)])?");

  /** As drgn prints it. Narrower than above, where the offset proves that a symbol was meant. */
  private static final Pattern BARE =
      Pattern.compile("(?<symbol>[.]?[A-Za-z_$][\\w.$]*)(?: \\[(?<module>[!-'*-Z^-~][ -Z^-~]*)])?");

  private static final Pattern RAW = Pattern.compile("0x[0-9a-f]{1,16}");

  private static final Pattern SUFFIX =
      Pattern.compile("(?:\\.(?:isra|constprop|part|cold|lto_priv)(?:\\.\\d+)?|\\.llvm\\.\\w+)+$");

  /**
   * The caller of a printed text, empty if it is none: {@code symbol+0xoffset/0xsize}, {@code
   * symbol} alone or {@code 0xaddress}, the first two with {@code [module]} or without.
   */
  public static Optional<Caller> parse(String text) {
    if (text.startsWith("0x")) {
      return RAW.matcher(text).matches() ? Optional.of(unresolved(text)) : Optional.empty();
    }
    Matcher full = WITH_OFFSET.matcher(text);
    if (full.matches()) {
      return of(full, hex(full.group("offset")), hex(full.group("size")));
    }
    Matcher bare = BARE.matcher(text);
    return bare.matches() ? of(bare, -1, -1) : Optional.empty();
  }

  /** A bare address, text kept. */
  static Caller unresolved(String text) {
    return new Caller(UNRESOLVED.function, "", "", -1, -1, text);
  }

  /** Whether the kernel named a function. */
  public boolean resolved() {
    return !function.equals(UNRESOLVED.function) && !function.isEmpty();
  }

  /** The same without a kernel address, fit to leave the host. */
  public Caller redacted() {
    return function.equals(UNRESOLVED.function) ? UNRESOLVED : this;
  }

  private static Optional<Caller> of(Matcher caller, long offset, long size) {
    String symbol = caller.group("symbol");
    String name = symbol.startsWith(".") ? symbol.substring(1) : symbol;
    Matcher suffix = SUFFIX.matcher(name);
    int end = suffix.find() ? suffix.start() : name.length();
    if (end == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Caller(
            name.substring(0, end),
            name.substring(end),
            moduleName(caller.group("module")),
            offset,
            size,
            caller.group()));
  }

  /** Traces print a build id or taint letters behind the name, {@code [nfs(O) 1f2e]}. */
  private static String moduleName(String brackets) {
    if (brackets == null) {
      return "";
    }
    int end = 0;
    while (end < brackets.length() && " (".indexOf(brackets.charAt(end)) < 0) {
      end++;
    }
    return brackets.substring(0, end);
  }

  private static long hex(String digits) {
    return Long.parseLong(digits, 16);
  }
}
