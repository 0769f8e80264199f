/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql;

import io.vmallocfleet.sql.table.KafkaConnection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.table.catalog.Catalog;
import org.apache.flink.table.factories.CatalogFactory;
import org.apache.flink.table.factories.FactoryUtil;

/**
 * Makes the catalog:
 *
 * <pre>{@code
 * CREATE CATALOG vmalloc WITH (
 *   'type' = 'vmalloc',
 *   'bootstrap' = 'kafka-1:9092',
 *   'properties.security.protocol' = 'SSL')
 * }</pre>
 */
public final class VmallocCatalogFactory implements CatalogFactory {
  /** As in a catalog's {@code type} option. */
  public static final String IDENTIFIER = "vmalloc";

  static final ConfigOption<String> BOOTSTRAP =
      ConfigOptions.key("bootstrap")
          .stringType()
          .noDefaultValue()
          .withDescription("Kafka bootstrap servers, HOST:PORT and more after commas.");

  private static final String PROPERTIES = "properties.";

  /** Options of the catalog over that Kafka. */
  public static Map<String, String> options(KafkaConnection kafka) {
    var options = new TreeMap<String, String>();
    options.put("type", IDENTIFIER);
    options.put(BOOTSTRAP.key(), kafka.bootstrap());
    kafka.properties().forEach((key, value) -> options.put(PROPERTIES + key, value));
    return options;
  }

  @Override
  public String factoryIdentifier() {
    return IDENTIFIER;
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of(BOOTSTRAP);
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of();
  }

  @Override
  public Catalog createCatalog(Context context) {
    var helper = FactoryUtil.createCatalogFactoryHelper(this, context);
    helper.validateExcept(PROPERTIES);
    var properties = new TreeMap<String, String>();
    context
        .getOptions()
        .forEach(
            (key, value) -> {
              if (key.startsWith(PROPERTIES)) {
                properties.put(key.substring(PROPERTIES.length()), value);
              }
            });
    return new VmallocCatalog(
        context.getName(), new KafkaConnection(helper.getOptions().get(BOOTSTRAP), properties));
  }
}
