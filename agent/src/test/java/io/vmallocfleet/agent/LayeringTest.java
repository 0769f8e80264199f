/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.vmallocfleet", importOptions = DoNotIncludeTests.class)
class LayeringTest {
  @ArchTest
  static final ArchRule the_agent_knows_neither_flink_nor_the_modules_behind_it =
      noClasses()
          .that()
          .resideInAPackage("io.vmallocfleet.agent..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.flink..", "io.vmallocfleet.pipeline..", "io.vmallocfleet.local..");

  @ArchTest
  static final ArchRule only_publishing_knows_kafka =
      noClasses()
          .that()
          .resideInAPackage("io.vmallocfleet.agent..")
          .and()
          .resideOutsideOfPackage("io.vmallocfleet.agent.publish..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka..");

  @ArchTest
  static final ArchRule sampling_loads_no_avro =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.vmallocfleet.agent",
              "io.vmallocfleet.agent.vmallocinfo..",
              "io.vmallocfleet.agent.snapshot..",
              "io.vmallocfleet.agent.host..",
              "io.vmallocfleet.agent.publish..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.avro..", "io.vmallocfleet.schemas");

  @ArchTest
  static final ArchRule the_parser_knows_text_only =
      noClasses()
          .that()
          .resideInAPackage("io.vmallocfleet.agent.vmallocinfo..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.vmallocfleet.schemas..", "io.vmallocfleet.agent.snapshot..", "org.apache..");
}
