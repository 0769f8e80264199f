/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.vmallocfleet.console", importOptions = DoNotIncludeTests.class)
class LayeringTest {
  @ArchTest
  static final ArchRule the_console_knows_neither_flink_nor_the_modules_beside_it =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.flink..", "io.vmallocfleet.pipeline..", "io.vmallocfleet.local..");

  @ArchTest
  static final ArchRule the_store_knows_neither_kafka_nor_http =
      noClasses()
          .that()
          .resideInAPackage("io.vmallocfleet.console.store..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "io.javalin..", "org.eclipse.jetty..");

  @ArchTest
  static final ArchRule only_the_feed_knows_kafka =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.vmallocfleet.console.feed..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka..");

  @ArchTest
  static final ArchRule of_the_agent_only_what_explains_a_file_is_used =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.vmallocfleet.agent.publish..",
              "io.vmallocfleet.agent.spool..",
              "io.vmallocfleet.agent.host..",
              "io.vmallocfleet.agent.metrics..");
}
