/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import io.vmallocfleet.local.access.FleetUser;
import io.vmallocfleet.schemas.FleetTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.flink.kubernetes.operator.api.FlinkDeployment;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.junit.jupiter.api.Test;

/**
 * Kubernetes itself cannot run here; the published model classes of Kubernetes, Strimzi and the
 * Flink operator can. A field they do not know is a mistake in the manifest.
 */
class ManifestsTest {
  private static final Path MANIFESTS = Path.of("kubernetes");

  /** The Kubernetes classes put what they do not know aside; here it is refused. */
  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory())
          // The published operator classes end with Flink 1.20's name in flinkVersion.
          .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
          .setAnnotationIntrospector(
              new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                  return false;
                }
              });

  private static final Map<String, Class<?>> KINDS =
      Map.of(
          "v1/Namespace", Namespace.class,
          "v1/PersistentVolumeClaim", PersistentVolumeClaim.class,
          "v1/ServiceAccount", ServiceAccount.class,
          "apps/v1/DaemonSet", DaemonSet.class,
          "networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class,
          "kafka.strimzi.io/v1beta2/KafkaTopic", KafkaTopic.class,
          "kafka.strimzi.io/v1beta2/KafkaUser", KafkaUser.class,
          "flink.apache.org/v1beta1/FlinkDeployment", FlinkDeployment.class);

  @Test
  void every_field_of_every_manifest_is_one_its_kind_has() throws IOException {
    for (JsonNode manifest : documents()) {
      assertThatNoException()
          .as(name(manifest))
          .isThrownBy(() -> YAML.treeToValue(manifest, kind(manifest)));
    }
  }

  @Test
  void a_misspelt_field_is_refused() throws IOException {
    ObjectNode agent = (ObjectNode) manifest("DaemonSet", "vmalloc-agent");
    ((ObjectNode) agent.at("/spec/template/spec")).put("hostNetwrok", true);

    assertThatExceptionOfType(UnrecognizedPropertyException.class)
        .isThrownBy(() -> YAML.treeToValue(agent, DaemonSet.class))
        .withMessageContaining("hostNetwrok");
  }

  @Test
  void topics_are_those_of_the_code() throws IOException {
    Map<String, Map<String, String>> manifests = new TreeMap<>();
    for (JsonNode topic : documents()) {
      if (topic.path("kind").asText().equals("KafkaTopic")) {
        Map<String, String> config = new TreeMap<>();
        topic
            .at("/spec/config")
            .properties()
            .forEach(c -> config.put(c.getKey(), c.getValue().asText()));
        manifests.put(topic.at("/metadata/name").asText(), config);
      }
    }

    assertThat(manifests)
        .isEqualTo(
            Arrays.stream(FleetTopic.values())
                .collect(
                    Collectors.toMap(FleetTopic::topicName, t -> new TreeMap<>(t.settings()))));
  }

  @Test
  void users_may_what_the_code_says_and_nothing_else() throws IOException {
    Map<String, Set<String>> manifests = new TreeMap<>();
    for (JsonNode user : documents()) {
      if (user.path("kind").asText().equals("KafkaUser")) {
        manifests.put(
            user.at("/metadata/name").asText(),
            StreamSupport.stream(user.at("/spec/authorization/acls").spliterator(), false)
                .flatMap(ManifestsTest::rights)
                .collect(Collectors.toSet()));
      }
    }

    assertThat(manifests)
        .isEqualTo(
            Arrays.stream(FleetUser.values())
                .collect(
                    Collectors.toMap(
                        FleetUser::userName,
                        u ->
                            u.rights().stream()
                                .flatMap(ManifestsTest::rights)
                                .collect(Collectors.toSet()))));
  }

  private static Stream<String> rights(JsonNode acl) {
    JsonNode resource = acl.path("resource");
    return StreamSupport.stream(acl.path("operations").spliterator(), false)
        .map(
            operation ->
                "%s on %s %s (%s)"
                    .formatted(
                        operation.asText().toLowerCase(Locale.ROOT),
                        resource.path("type").asText().toLowerCase(Locale.ROOT),
                        resource.path("name").asText(),
                        resource.path("patternType").asText()));
  }

  private static Stream<String> rights(FleetUser.Right right) {
    ResourcePattern resource = right.resource();
    return right.operations().stream()
        .map(
            operation ->
                "%s on %s %s (%s)"
                    .formatted(
                        operation.name().toLowerCase(Locale.ROOT),
                        resource.resourceType().name().replace("_", "").toLowerCase(Locale.ROOT),
                        resource.name(),
                        resource.patternType() == PatternType.PREFIXED ? "prefix" : "literal"));
  }

  @Test
  void the_agent_keeps_one_capability() throws IOException {
    DaemonSet agent = YAML.treeToValue(manifest("DaemonSet", "vmalloc-agent"), DaemonSet.class);
    Container container = agent.getSpec().getTemplate().getSpec().getContainers().get(0);
    Capabilities capabilities = container.getSecurityContext().getCapabilities();

    assertThat(capabilities.getDrop()).containsExactly("ALL");
    assertThat(capabilities.getAdd()).containsExactly("SYSLOG");
    assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
    assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
  }

  private static Class<?> kind(JsonNode manifest) {
    String kind = manifest.path("apiVersion").asText() + "/" + manifest.path("kind").asText();
    assertThat(KINDS).as(name(manifest)).containsKey(kind);
    return KINDS.get(kind);
  }

  private static JsonNode manifest(String kind, String name) throws IOException {
    return documents().stream()
        .filter(m -> m.path("kind").asText().equals(kind))
        .filter(m -> m.at("/metadata/name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static String name(JsonNode manifest) {
    return manifest.path("kind").asText() + " " + manifest.at("/metadata/name").asText();
  }

  private static List<JsonNode> documents() throws IOException {
    List<JsonNode> documents = new ArrayList<>();
    try (Stream<Path> files = Files.list(MANIFESTS)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
        if (!file.endsWith("kustomization.yaml")) {
          try (var read = YAML.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
            documents.addAll(read.readAll());
          }
        }
      }
    }
    return documents;
  }
}
