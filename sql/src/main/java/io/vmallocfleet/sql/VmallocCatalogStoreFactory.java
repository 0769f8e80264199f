/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.catalog.CatalogDescriptor;
import org.apache.flink.table.catalog.CatalogStore;
import org.apache.flink.table.catalog.GenericInMemoryCatalogStore;
import org.apache.flink.table.factories.CatalogStoreFactory;

/**
 * Puts the catalog into every session of a gateway or client, whoever opens it and however: no
 * initialisation script, also for JDBC. In Flink's configuration:
 *
 * <pre>
 * table.catalog-store.kind: vmalloc
 * table.catalog-store.vmalloc.bootstrap: kafka-1:9092
 * table.catalog-store.vmalloc.properties.security.protocol: SSL
 * table.builtin-catalog-name: vmalloc
 * table.builtin-database-name: fleet
 * </pre>
 */
public final class VmallocCatalogStoreFactory implements CatalogStoreFactory {
  /** As in {@code table.catalog-store.kind}, and the name of the catalog. */
  public static final String IDENTIFIER = "vmalloc";

  private Map<String, String> catalogOptions = Map.of();

  @Override
  public String factoryIdentifier() {
    return IDENTIFIER;
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of(VmallocCatalogFactory.BOOTSTRAP);
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of();
  }

  @Override
  public void open(Context context) {
    var options = new TreeMap<>(context.getOptions());
    options.put("type", VmallocCatalogFactory.IDENTIFIER);
    catalogOptions = Map.copyOf(options);
  }

  @Override
  public CatalogStore createCatalogStore() {
    var store = new GenericInMemoryCatalogStore();
    store.open();
    store.storeCatalog(
        IDENTIFIER, CatalogDescriptor.of(IDENTIFIER, Configuration.fromMap(catalogOptions)));
    return store;
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
