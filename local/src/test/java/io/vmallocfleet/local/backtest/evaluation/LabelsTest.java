/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelsTest {
  private static final String ONE =
      """
      {"labels": [{"id": "leak-1", "kinds": ["LEAK"], "benign": false, "hostIds": ["h1"],
        "hostnames": ["node-1"], "callers": [{"function": "htab_map_alloc", "module": ""}],
        "purpose": "bpf", "cohort": "6.1/x86_64", "from": "2026-03-01T10:00:00Z",
        "to": "2026-03-01T20:00:00Z", "visibleFrom": "2026-03-01T11:00:00Z"}]}
      """;

  @TempDir Path directory;

  @Test
  void reads_labels() throws IOException {
    Label label = Labels.read(file(ONE)).labels().get(0);

    assertThat(label.callers()).containsExactly(new Label.Caller("htab_map_alloc", ""));
    assertThat(label.visibleFrom()).isEqualTo(Made.hour(11));
  }

  @Test
  void says_where_and_why_a_file_is_not_understood() throws IOException {
    fails(ONE.replace("T20:", "Tea:"), "run.labels.json at labels[0].to: ");
    fails(ONE.replace("T20:", "T09:"), "label leak-1: to 2026-03-01T09:00:00Z is before from");
    fails(ONE.replace("purpose", "porpose"), "at labels[0].porpose: Unrecognized field");
    fails("{", "run.labels.json");
    fails("{}", "labels is missing");
  }

  private void fails(String text, String message) throws IOException {
    Path file = file(text);
    assertThatThrownBy(() -> Labels.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("run.labels.json"), text);
  }
}
