/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The labels beside a recording, {@code RECORDING.labels.json}: {@code {"labels": [...]}}. */
public record Labels(List<Label> labels) {

  public Labels {
    if (labels == null) {
      throw new IllegalArgumentException("labels is missing");
    }
    labels = List.copyOf(labels);
    Set<String> seen = new HashSet<>();
    for (Label label : labels) {
      if (!seen.add(label.id())) {
        throw new IllegalArgumentException("label %s is there twice".formatted(label.id()));
      }
    }
  }

  /**
   * @throws IOException if the file cannot be read or is not a file of labels; the message says
   *     where and why
   */
  public static Labels read(Path file) throws IOException {
    String text = Files.readString(file);
    try {
      return ReportJson.MAPPER.readValue(text, Labels.class);
    } catch (JsonMappingException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String why =
          cause instanceof JsonProcessingException json
              ? json.getOriginalMessage()
              : cause.getMessage();
      throw new IOException("%s at %s: %s".formatted(file, place(e), why), e);
    } catch (JsonProcessingException e) {
      throw new IOException(
          "%s line %d is not JSON: %s"
              .formatted(file, e.getLocation().getLineNr(), e.getOriginalMessage()),
          e);
    }
  }

  /** Replaces the file. */
  public void write(Path file) throws IOException {
    Files.writeString(file, ReportJson.text(this) + "\n");
  }

  /** {@code labels[2].from}; the top of the file has no name of its own. */
  private static String place(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return path.isEmpty() ? "the top" : path.toString();
  }
}
