/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.explain;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.vmallocfleet.agent.explain.AddressSpace;
import io.vmallocfleet.agent.explain.Between;
import io.vmallocfleet.agent.explain.CallerUse;
import io.vmallocfleet.agent.explain.Explanation;
import io.vmallocfleet.agent.explain.ExplanationText;
import io.vmallocfleet.agent.explain.HoleSummary;
import io.vmallocfleet.agent.explain.Purpose;
import io.vmallocfleet.agent.explain.Reason;
import io.vmallocfleet.agent.explain.Share;
import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import io.vmallocfleet.callers.CallerMeaning;
import java.io.IOException;
import java.io.Writer;
import java.util.Locale;
import java.util.Optional;

/**
 * An explanation as one JSON document. Sizes are bytes; addresses are strings, in hex, and there
 * only if the file shows them. What the file does not tell is null, never 0.
 */
final class ExplanationJson {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .build();

  private final Explanation explanation;
  private final AreaTable table;
  private final String source;

  ExplanationJson(Explanation explanation, String source) {
    this.explanation = explanation;
    this.table = explanation.table();
    this.source = source;
  }

  /**
   * @param lines whether to add every area
   * @param hole to add, if one was asked for
   */
  void write(Writer out, boolean lines, Optional<Between> hole) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      summary(json);
      purposes(json);
      if (hole.isPresent()) {
        between(json, hole.get());
      }
      if (lines) {
        lines(json);
      }
      json.writeEndObject();
    }
  }

  private void summary(JsonGenerator json) throws IOException {
    json.writeStringField("source", source);
    json.writeNumberField("lines", table.lines());
    json.writeNumberField("malformed", table.malformed());
    json.writeNumberField("repeated", table.duplicates());
    json.writeStringField("addressMode", table.mode().name());
    json.writeStringField("addresses", ExplanationText.howToSeeMore(explanation));
    json.writeNumberField("pageSize", explanation.pageSize());
    json.writeNumberField("areas", explanation.areas());
    json.writeNumberField("pages", explanation.pages());
    json.writeNumberField("memoryBytes", explanation.memoryBytes());
    json.writeNumberField("addressSpaceBytes", explanation.bytes());
    json.writeObjectFieldStart("shares");
    for (Share share : Share.values()) {
      json.writeObjectFieldStart(share.name().toLowerCase(Locale.ROOT));
      extent(json, explanation.extent(share));
      json.writeEndObject();
    }
    json.writeEndObject();
    if (explanation.addressSpace().isPresent()) {
      holes(json, HoleSummary.of(explanation));
    } else {
      json.writeNullField("holes");
    }
    if (explanation.runs() > 0) {
      json.writeNumberField("groupsWithoutHoles", explanation.runs());
    } else {
      json.writeNullField("groupsWithoutHoles");
    }
  }

  private static void holes(JsonGenerator json, HoleSummary holes) throws IOException {
    json.writeObjectFieldStart("holes");
    json.writeNumberField("count", holes.all().areas());
    json.writeNumberField("bytes", holes.all().bytes());
    json.writeNumberField("largestBytes", holes.largest());
    json.writeNumberField("alignmentCount", holes.aligned().areas());
    json.writeNumberField("alignmentBytes", holes.aligned().bytes());
    json.writeNumberField("onePageCount", holes.onePage().areas());
    json.writeNumberField("belowPercpuBytes", holes.middle());
    json.writeEndObject();
  }

  private void purposes(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("purposes");
    for (Purpose purpose : explanation.purposes()) {
      json.writeStartObject();
      json.writeStringField("family", purpose.family().slug());
      json.writeStringField("label", purpose.family().label());
      json.writeStringField("meaning", purpose.family().meaning());
      json.writeStringField("growth", purpose.family().growth());
      json.writeStringField("growing", purpose.family().growing());
      figures(json, purpose.areas(), purpose.pages(), purpose.bytes());
      json.writeArrayFieldStart("callers");
      for (CallerUse use : purpose.callers()) {
        caller(json, use);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void caller(JsonGenerator json, CallerUse use) throws IOException {
    CallerMeaning meaning = use.meaning();
    json.writeStartObject();
    json.writeStringField("function", meaning.function());
    if (meaning.module().isEmpty()) {
      json.writeNullField("module");
    } else {
      json.writeStringField("module", meaning.module());
    }
    json.writeBooleanField("known", meaning.known());
    json.writeStringField("subsystem", meaning.subsystem());
    json.writeStringField("purpose", meaning.purpose());
    json.writeStringField("growth", meaning.growth());
    json.writeStringField("growthUsuallyMeans", meaning.growthUsuallyMeans());
    figures(json, use.areas(), use.pages(), use.bytes());
    json.writeNumberField("smallestBytes", use.smallest());
    json.writeNumberField("largestBytes", use.largest());
    json.writeEndObject();
  }

  private void figures(JsonGenerator json, int areas, long pages, long bytes) throws IOException {
    json.writeNumberField("areas", areas);
    json.writeNumberField("pages", pages);
    json.writeNumberField("memoryBytes", pages * explanation.pageSize());
    json.writeNumberField("addressSpaceBytes", bytes);
  }

  private static void extent(JsonGenerator json, Explanation.Extent extent) throws IOException {
    json.writeNumberField("areas", extent.areas());
    json.writeNumberField("bytes", extent.bytes());
  }

  private void between(JsonGenerator json, Between between) throws IOException {
    json.writeObjectFieldStart("between");
    json.writeStringField("verdict", between.verdict().name());
    neighbour(json, "lower", between.lower());
    neighbour(json, "upper", between.upper());
    json.writeArrayFieldStart("notes");
    for (String note : between.notes()) {
      json.writeString(note);
    }
    json.writeEndArray();
    json.writeNumberField("bytes", between.bytes());
    json.writeNumberField("areasBetween", between.busy());
    json.writeNumberField("areasBetweenBytes", between.busyBytes());
    json.writeNumberField("unpurged", between.unpurged());
    json.writeNumberField("unpurgedBytes", between.unpurgedBytes());
    json.writeArrayFieldStart("holes");
    for (AddressSpace.Hole hole : between.holes()) {
      json.writeStartObject();
      json.writeStringField("start", hex(hole.start()));
      json.writeNumberField("bytes", hole.bytes());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("reasons");
    for (Reason reason : between.reasons()) {
      json.writeStartObject();
      json.writeStringField("cause", reason.cause().name());
      if (reason.bytes() < 0) {
        json.writeNullField("bytes");
      } else {
        json.writeNumberField("bytes", reason.bytes());
      }
      json.writeStringField("text", reason.text());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void neighbour(JsonGenerator json, String name, Optional<Between.Neighbour> neighbour)
      throws IOException {
    if (neighbour.isEmpty()) {
      json.writeNullField(name);
    } else {
      json.writeFieldName(name);
      row(json, neighbour.get().row());
    }
  }

  private void lines(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("rows");
    for (int row = 0; row < table.rows(); row++) {
      row(json, row);
    }
    json.writeEndArray();
  }

  private void row(JsonGenerator json, int row) throws IOException {
    CallerMeaning meaning = explanation.meaning(row);
    json.writeStartObject();
    json.writeNumberField("line", table.lineNumber(row));
    if (explanation.addressSpace().isPresent()) {
      json.writeStringField("start", hex(table.start(row)));
      json.writeStringField("end", hex(table.end(row)));
    }
    json.writeNumberField("size", table.size(row));
    json.writeNumberField("pages", table.pages(row));
    json.writeStringField("kind", table.kind(row).name());
    json.writeStringField("function", meaning.function());
    if (meaning.module().isEmpty()) {
      json.writeNullField("module");
    } else {
      json.writeStringField("module", meaning.module());
    }
    json.writeStringField("family", meaning.family().slug());
    json.writeEndObject();
  }

  private static String hex(long address) {
    return String.format(address >>> 32 == 0 ? "0x%08x" : "0x%016x", address);
  }
}
