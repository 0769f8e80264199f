/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadmeTest {
  @Test
  void the_readme_lists_every_setting_and_no_other() throws Exception {
    var documented = new TreeSet<String>();
    Pattern.compile("`(VMALLOC_AGENT_[A-Z_]+\\*?)`")
        .matcher(Files.readString(Path.of("../README.md")))
        .results()
        .forEach(match -> documented.add(match.group(1)));

    assertThatThrownBy(() -> AgentConfig.from(Map.of("VMALLOC_AGENT_4242424242424242", "")))
        .hasMessage(
            "VMALLOC_AGENT_4242424242424242 is not a setting; settings are "
                + String.join(", ", documented));
  }
}
