/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.snapshot;

import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import io.vmallocfleet.agent.vmallocinfo.CallSites;
import io.vmallocfleet.agent.vmallocinfo.Caller;
import io.vmallocfleet.agent.vmallocinfo.KernelAddresses;
import io.vmallocfleet.schemas.snapshot.Region;
import io.vmallocfleet.schemas.snapshot.SnapshotHeader;
import io.vmallocfleet.schemas.snapshot.SnapshotWriter;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Writes a table of areas as a snapshot: no address of the kernel is in the bytes. Reusable, not
 * thread safe.
 */
public final class SnapshotEncoder {
  private static final int NOT_IN_DICTIONARY = -1;

  private final boolean sendPhys;
  private final SnapshotWriter writer;
  private final AddressOrder addressOrder = new AddressOrder();
  private final HashChains hashChains = new HashChains();
  private final Layout layout = new Layout();
  private int[] dictionaryIndex = new int[0];

  /**
   * @param sendPhys whether physical addresses of device mappings may leave the host
   */
  public SnapshotEncoder(boolean sendPhys) {
    this(sendPhys, SnapshotWriter.DEFAULT_MAX_BYTES);
  }

  SnapshotEncoder(boolean sendPhys, int maxBytes) {
    this.sendPhys = sendPhys;
    this.writer = new SnapshotWriter(maxBytes);
  }

  /**
   * @param churn of the host the table is of; the next table is compared with this one
   * @param header given the number of areas that did not fit, the header to write
   */
  public byte[] encode(AreaTable table, Churn churn, IntFunction<SnapshotHeader> header) {
    arrange(table);
    clearDictionary(table.callSites());
    churn.compare(table);
    // Before the areas: those give way when the record is full, churn does not.
    write(table, churn);
    for (int position = 0; position < layout.rows(); position++) {
      write(table, position);
    }
    return writer.finish(header.apply(writer.omitted()));
  }

  private void arrange(AreaTable table) {
    switch (table.mode()) {
      case REAL -> addressOrder.arrange(table, layout);
      case HASHED -> hashChains.arrange(table, layout);
      case ZEROED, PLACEHOLDER, UNKNOWN -> {
        layout.clear(table.rows());
        for (int row = 0; row < table.rows(); row++) {
          layout.add(row, Region.UNKNOWN, Layout.UNKNOWN_GAP);
        }
      }
    }
  }

  private void write(AreaTable table, int position) {
    int row = layout.row(position);
    boolean fits =
        writer.area(
            dictionaryEntry(table.callSites(), table.callSite(row)),
            layout.region(position),
            layout.gap(position),
            table.size(row),
            table.pages(row),
            table.flags(row),
            sendPhys ? table.phys(row) : 0);
    if (!fits) {
      return;
    }
    for (int i = 0; i < table.nodes(row); i++) {
      writer.node(table.node(row, i), table.nodePages(row, i));
    }
    List<String> words = table.words(row);
    // Without an iterator for each row, most of which have no such word.
    for (int i = 0; i < words.size(); i++) {
      writer.word(KernelAddresses.mask(words.get(i)));
    }
  }

  private void write(AreaTable table, Churn churn) {
    for (int site = CallSites.NONE; site < churn.callSites(); site++) {
      int added = churn.added(site);
      int removed = churn.removed(site);
      if (added > 0 || removed > 0) {
        writer.churn(dictionaryEntry(table.callSites(), site), added, removed);
      }
    }
  }

  private int dictionaryEntry(CallSites sites, int site) {
    if (site == CallSites.NONE) {
      return -1;
    }
    if (dictionaryIndex[site] == NOT_IN_DICTIONARY) {
      Caller caller = sites.caller(site).redacted();
      dictionaryIndex[site] =
          writer.callSite(
              caller.function(),
              caller.module(),
              caller.suffix(),
              caller.offset(),
              caller.functionSize());
    }
    return dictionaryIndex[site];
  }

  private void clearDictionary(CallSites sites) {
    if (dictionaryIndex.length < sites.size()) {
      dictionaryIndex = new int[Math.max(sites.size(), 2 * dictionaryIndex.length)];
    }
    Arrays.fill(dictionaryIndex, NOT_IN_DICTIONARY);
  }
}
