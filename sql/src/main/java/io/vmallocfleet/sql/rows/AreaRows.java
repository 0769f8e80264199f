/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.rows;

import static org.apache.flink.table.api.DataTypes.BIGINT;
import static org.apache.flink.table.api.DataTypes.INT;
import static org.apache.flink.table.api.DataTypes.MAP;
import static org.apache.flink.table.api.DataTypes.STRING;

import io.vmallocfleet.pipeline.usage.CallerName;
import io.vmallocfleet.schemas.UnreadableRecordException;
import io.vmallocfleet.schemas.snapshot.AreaFlags;
import io.vmallocfleet.schemas.snapshot.Region;
import io.vmallocfleet.schemas.snapshot.SnapshotCursor;
import io.vmallocfleet.schemas.snapshot.SnapshotHeader;
import io.vmallocfleet.sql.rows.SnapshotColumns.From;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;

/**
 * One row an area, its caller resolved: what a view would have to look up in the dictionary again
 * for every row. Of an area only the columns asked for are built.
 */
public final class AreaRows implements RowShape {
  private static final List<From<Area>> AREA =
      List.of(
          From.column(
              "area",
              INT().notNull(),
              a -> a.number,
              "Number of the area in its snapshot, from 1; in address order where addresses are"
                  + " known."),
          From.column(
              "caller",
              STRING().notNull(),
              Area::caller,
              "Who asked for it, as the kernel writes it: function or function [module]."),
          From.column(
              "caller_function",
              STRING().notNull(),
              Area::function,
              "Normalised function: no offset, no compiler suffix."),
          From.column(
              "caller_module",
              STRING().notNull(),
              Area::module,
              "Kernel module, empty for the kernel itself."),
          From.column("kind", STRING().notNull(), Area::kind, AreaKind.COMMENT),
          From.column(
              "region",
              STRING().notNull(),
              Area::region,
              "VMALLOC, PERCPU (at its top), MODULES, or UNKNOWN where addresses are not shown."),
          From.column(
              "held_bytes",
              BIGINT().notNull(),
              a -> a.cursor.pages() * a.pageSize,
              "Memory it owns: pages times page size; 0 for ioremap, plain vmap, percpu."),
          From.column(
              "size_bytes",
              BIGINT().notNull(),
              a -> a.cursor.size(),
              "Address space, guard page included."),
          From.column(
              "pages", BIGINT().notNull(), a -> a.cursor.pages(), "Base pages of memory it owns."),
          From.column(
              "gap_bytes",
              BIGINT(),
              a -> a.cursor.gap() < 0 ? null : a.cursor.gap(),
              "Hole before it: 0 adjoins the area before; NULL unknown, or first of its window."),
          From.column(
              "numa",
              MAP(INT(), BIGINT()).notNull(),
              Area::numa,
              "Pages by NUMA node: numa[0] is NULL where node 0 holds none."),
          From.column(
              "phys",
              STRING(),
              Area::phys,
              "Physical address of a device mapping, hexadecimal; NULL where none is printed."),
          From.column(
              "flags", INT().notNull(), a -> a.cursor.flags(), "Bit set, see AreaFlags.java."));

  /** The cursor's present area, with what rows of one snapshot share. */
  private static final class Area {
    private final SnapshotCursor cursor = new SnapshotCursor();
    private final Map<Region, StringData> regions = new EnumMap<>(Region.class);
    private StringData[] callers = {};
    private StringData[] functions = {};
    private StringData[] modules = {};
    private long pageSize;
    private int number;

    Area() {
      for (Region region : Region.values()) {
        regions.put(region, StringData.fromString(region.name()));
      }
    }

    SnapshotHeader open(byte[] bytes) throws UnreadableRecordException {
      SnapshotHeader header = cursor.open(bytes);
      pageSize = header.host().pageSize();
      number = 0;
      callers = new StringData[cursor.callSites() + 2];
      functions = new StringData[cursor.callSites() + 2];
      modules = new StringData[cursor.callSites() + 2];
      return header;
    }

    StringData caller() {
      int site = site();
      if (callers[site] == null) {
        callers[site] = StringData.fromString(name().toString());
      }
      return callers[site];
    }

    StringData function() {
      int site = site();
      if (functions[site] == null) {
        functions[site] = StringData.fromString(name().function());
      }
      return functions[site];
    }

    StringData module() {
      int site = site();
      if (modules[site] == null) {
        modules[site] = StringData.fromString(name().module());
      }
      return modules[site];
    }

    StringData kind() {
      return AreaKind.of(cursor.flags(), cursor.pages(), name().function()).word();
    }

    StringData region() {
      return regions.get(cursor.region());
    }

    GenericMapData numa() {
      var pages = new HashMap<Integer, Long>();
      try {
        cursor.eachNode(pages::put);
      } catch (UnreadableRecordException e) {
        throw new IllegalStateException("the record was read to its end a moment ago", e);
      }
      return new GenericMapData(pages);
    }

    StringData phys() {
      return cursor.phys() == 0
          ? null
          : StringData.fromString("0x" + Long.toHexString(cursor.phys()));
    }

    private CallerName name() {
      return cursor.callSite() >= 0
          ? new CallerName(cursor.function(cursor.callSite()), cursor.module(cursor.callSite()))
          : CallerName.ofNoCallSite(isVmMapRam());
    }

    private boolean isVmMapRam() {
      return (cursor.flags() & AreaFlags.VM_MAP_RAM) != 0;
    }

    private int site() {
      int site = cursor.callSite();
      return site >= 0 ? site : callers.length - (isVmMapRam() ? 1 : 2);
    }
  }

  @Override
  public List<Column> columns() {
    return Projection.columns(List.of(SnapshotColumns.HOST, AREA));
  }

  @Override
  public RowDecoder decoder(List<String> columns) {
    return new Decoder(
        Projection.of(columns, SnapshotColumns.HOST), Projection.of(columns, AREA), columns);
  }

  private static final class Decoder implements RowDecoder {
    private final Projection<SnapshotHeader> ofHost;
    private final Projection<Area> ofArea;
    private final int arity;
    private final Area area = new Area();

    Decoder(Projection<SnapshotHeader> ofHost, Projection<Area> ofArea, List<String> columns) {
      Projection.requireAllKnown(columns, ofHost, ofArea);
      this.ofHost = ofHost;
      this.ofArea = ofArea;
      this.arity = columns.size();
    }

    @Override
    public void decode(byte[] bytes, Consumer<RowData> rows) throws UnreadableRecordException {
      proveWhole(bytes);
      SnapshotHeader header = area.open(bytes);
      var host = new GenericRowData(arity);
      ofHost.fill(host, header);
      while (area.cursor.nextArea()) {
        area.number++;
        GenericRowData row = ofHost.copy(host);
        ofArea.fill(row, area);
        rows.accept(row);
      }
    }

    /**
     * A second pass, at a tenth of the price of the rows: the alternative is to hold back all rows
     * of a record until its end, half a million of them for the largest.
     */
    private void proveWhole(byte[] bytes) throws UnreadableRecordException {
      SnapshotCursor cursor = area.cursor;
      cursor.open(bytes);
      while (cursor.nextArea()) {
        if (cursor.size() < 1 || cursor.pages() < 0) {
          throw cursor.corrupt(
              "an area of " + cursor.size() + " bytes with " + cursor.pages() + " pages");
        }
      }
      while (cursor.nextChurn()) {
        // Only the end of the record proves it.
      }
    }
  }
}
