/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql;

import io.vmallocfleet.sql.rows.Column;
import io.vmallocfleet.sql.table.FleetTable;
import io.vmallocfleet.sql.table.FleetTableFactory;
import io.vmallocfleet.sql.table.KafkaConnection;
import io.vmallocfleet.sql.table.Metadata;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.catalog.CatalogBaseTable;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.GenericInMemoryCatalog;
import org.apache.flink.table.catalog.ObjectPath;
import org.apache.flink.table.catalog.exceptions.CatalogException;
import org.apache.flink.table.catalog.exceptions.DatabaseNotExistException;
import org.apache.flink.table.catalog.exceptions.FunctionAlreadyExistException;
import org.apache.flink.table.catalog.exceptions.TableAlreadyExistException;
import org.apache.flink.table.factories.Factory;
import org.apache.flink.table.types.DataType;

/**
 * Every topic as tables and views, in database {@code fleet}, with comments that carry units, event
 * times and keys. Tables, views and functions that people make beside them live as long as their
 * session: Flink's in-memory catalog does that, and is therefore what this is made of.
 */
public final class VmallocCatalog extends GenericInMemoryCatalog {
  public static final String DATABASE = "fleet";

  /** How much later a record may come than one with a later time. */
  private static final String OUT_OF_ORDER = "INTERVAL '10' SECOND";

  private static final String CALLER =
      "CASE WHEN caller_module = '' THEN caller_function"
          + " ELSE caller_function || ' [' || caller_module || ']' END";

  private final KafkaConnection kafka;

  public VmallocCatalog(String name, KafkaConnection kafka) {
    super(name, DATABASE);
    this.kafka = kafka;
    try {
      for (FleetTable table : FleetTable.values()) {
        add(table.tableName(), table(table));
      }
      for (FleetView view : FleetView.values()) {
        add(view.viewName(), view.definition(name));
      }
      for (FleetFunction function : FleetFunction.values()) {
        createFunction(path(function.functionName()), function.definition(), false);
      }
    } catch (FunctionAlreadyExistException | DatabaseNotExistException e) {
      throw new IllegalStateException("two functions of one name", e);
    }
  }

  @Override
  public Optional<Factory> getFactory() {
    return Optional.of(new FleetTableFactory(kafka));
  }

  private void add(String name, CatalogBaseTable table) {
    try {
      createTable(path(name), table, false);
    } catch (TableAlreadyExistException | DatabaseNotExistException | CatalogException e) {
      throw new IllegalStateException("two tables of one name", e);
    }
  }

  private static ObjectPath path(String name) {
    return new ObjectPath(DATABASE, name);
  }

  private static CatalogTable table(FleetTable table) {
    return CatalogTable.newBuilder()
        .schema(schema(table))
        .comment(table.comment())
        .partitionKeys(List.of())
        .options(Map.of("connector", FleetTableFactory.IDENTIFIER))
        .build();
  }

  private static Schema schema(FleetTable table) {
    Schema.Builder schema = Schema.newBuilder();
    List<Column> columns = table.shape().columns();
    for (Column column : columns) {
      // A rule gives few of the columns: what it does not give is NULL until it gets its default.
      DataType type = table == FleetTable.FINDINGS ? column.type().nullable() : column.type();
      schema.column(column.name(), type).withComment(column.comment());
    }
    if (table.namesCallers()) {
      schema
          .columnByExpression(FleetTable.CALLER.name(), CALLER)
          .withComment(FleetTable.CALLER.comment());
    }
    for (Metadata metadata : Metadata.values()) {
      schema
          .columnByMetadata(metadata.column(), metadata.type(), true)
          .withComment(metadata.comment());
    }
    if (!table.primaryKey().isEmpty()) {
      schema.primaryKey(table.primaryKey());
    }
    schema.watermark(table.timeColumn(), "`" + table.timeColumn() + "` - " + OUT_OF_ORDER);
    return schema.build();
  }
}
