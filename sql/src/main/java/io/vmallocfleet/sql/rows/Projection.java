/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.rows;

import io.vmallocfleet.sql.rows.SnapshotColumns.From;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.table.data.GenericRowData;

/**
 * Those columns of one source that a query wants, and their places in its rows.
 *
 * @param places ascending
 * @param values one a place
 */
record Projection<S>(int[] places, List<Function<S, Object>> values) {
  static <S> Projection<S> of(List<String> wanted, List<From<S>> source) {
    var places = new ArrayList<Integer>();
    var values = new ArrayList<Function<S, Object>>();
    for (int place = 0; place < wanted.size(); place++) {
      Optional<From<S>> found = named(wanted.get(place), source);
      if (found.isPresent()) {
        places.add(place);
        values.add(found.get().value());
      }
    }
    return new Projection<>(places.stream().mapToInt(i -> i).toArray(), List.copyOf(values));
  }

  /**
   * @throws IllegalArgumentException if a wanted column comes from none of the projections
   */
  static void requireAllKnown(List<String> wanted, Projection<?>... projections) {
    List<Integer> known =
        Stream.of(projections).flatMapToInt(p -> IntStream.of(p.places())).boxed().toList();
    for (int place = 0; place < wanted.size(); place++) {
      if (!known.contains(place)) {
        throw new IllegalArgumentException("there is no column " + wanted.get(place));
      }
    }
  }

  static List<Column> columns(List<List<? extends From<?>>> sources) {
    return sources.stream().flatMap(List::stream).<Column>map(From::column).toList();
  }

  void fill(GenericRowData row, S source) {
    for (int i = 0; i < places.length; i++) {
      row.setField(places[i], values.get(i).apply(source));
    }
  }

  /** A new row with this projection's fields of another. */
  GenericRowData copy(GenericRowData other) {
    var row = new GenericRowData(other.getArity());
    for (int place : places) {
      row.setField(place, other.getField(place));
    }
    return row;
  }

  private static <S> Optional<From<S>> named(String name, List<From<S>> source) {
    return source.stream().filter(f -> f.column().name().equals(name)).findFirst();
  }
}
