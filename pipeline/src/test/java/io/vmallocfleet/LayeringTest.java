/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.vmallocfleet")
class LayeringTest {

  @ArchTest
  static final ArchRule the_deciding_code_knows_no_platform =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.vmallocfleet.alerts..",
              "io.vmallocfleet.detection..",
              "io.vmallocfleet.fragmentation..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.flink..", "org.apache.avro..", "org.apache.kafka..");

  @ArchTest
  static final ArchRule the_pipeline_knows_neither_the_agent_nor_the_local_stack =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vmallocfleet.agent..", "io.vmallocfleet.local..");

  @ArchTest
  static final ArchRule a_class_is_named_after_what_it_is =
      noClasses()
          .that()
          .resideInAPackage("io.vmallocfleet..")
          .should()
          .haveNameMatching(".*(Utils?|Helper|Manager)");

  @ArchTest
  static final ArchRule tests_use_jupiter =
      noClasses()
          .that()
          .resideInAPackage("io.vmallocfleet..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("junit.framework..", "org.junit");
}
