/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One row of {@code /proc/vmallocinfo}, for people, tests and JSON; snapshots stay in the columns
 * of an {@link AreaTable}.
 *
 * <pre>0xffffb3c1c0019000-0xffffb3c1c001e000   20480 _do_fork+0x71/0x3b0 pages=4 vmalloc N0=4</pre>
 *
 * @param start first address, unsigned; 0 if not shown
 * @param end first address behind, unsigned; a hash is no distance from start; 0 if not shown
 * @param size bytes of address space, guard page included, from 1
 * @param caller {@link Caller#NONE} where the kernel prints none
 * @param pages base pages of memory the area owns; 0 where none is printed
 * @param phys physical address of a device mapping, unsigned; 0 where none is printed
 * @param flags the words we know
 * @param words words and key=value pairs we do not know, as printed
 * @param pagesByNode base pages by NUMA node; empty where none is printed
 */
public record VmallocArea(
    long start,
    long end,
    long size,
    Caller caller,
    long pages,
    long phys,
    Set<AreaFlag> flags,
    List<String> words,
    SortedMap<Integer, Long> pagesByNode) {

  private static final Set<AreaFlag> WITHOUT_CALLER =
      EnumSet.of(AreaFlag.VM_MAP_RAM, AreaFlag.UNPURGED);

  public VmallocArea {
    if (size < 1) {
      throw new IllegalArgumentException("size is " + size + ": an area has at least 1 byte");
    }
    if (pages < 0) {
      throw new IllegalArgumentException("pages is " + pages + ": expected 0 or more");
    }
    flags = AreaFlag.of(AreaFlag.bits(flags));
    words = List.copyOf(words);
    pagesByNode = Collections.unmodifiableSortedMap(new TreeMap<>(pagesByNode));
    boolean wholeLine = !Collections.disjoint(flags, WITHOUT_CALLER);
    boolean more =
        flags.size() > 1 || (pages | phys) != 0 || !words.isEmpty() || !pagesByNode.isEmpty();
    if (wholeLine && (more || !caller.equals(Caller.NONE))) {
      throw new IllegalArgumentException(
          flags + " stands alone: the kernel prints neither caller nor anything else with it");
    }
  }

  public AreaKind kind() {
    return AreaKind.of(AreaFlag.bits(flags), pages, caller);
  }

  /** The row as a kernel prints it, without the newline. Parsing it gives an equal area. */
  public String format(RowForm form) {
    StringBuilder row = new StringBuilder(112);
    row.append("0x").append(form.address(start)).append("-0x").append(form.address(end));
    String decimals = Long.toString(size);
    row.append(" ".repeat(1 + Math.max(0, 7 - decimals.length()))).append(decimals);
    if (!caller.equals(Caller.NONE)) {
      row.append(' ').append(caller.text());
    }
    if (pages != 0) {
      row.append(" pages=").append(pages);
    }
    if (phys != 0) {
      row.append(" phys=").append(form.phys(phys));
    }
    for (AreaFlag flag : flags) {
      row.append(' ').append(flag.word());
    }
    for (String word : words) {
      row.append(' ').append(word);
    }
    for (Map.Entry<Integer, Long> node : pagesByNode.entrySet()) {
      row.append(" N").append(node.getKey()).append('=').append(node.getValue());
    }
    return row.toString();
  }
}
