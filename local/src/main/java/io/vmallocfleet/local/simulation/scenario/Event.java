/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.scenario;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One thing that happens to the fleet. A null field is one that the file leaves out; what is then
 * taken, {@code docs/simulate.md} says.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Event.Leak.class, name = "leak"),
  @JsonSubTypes.Type(value = Event.Step.class, name = "step"),
  @JsonSubTypes.Type(value = Event.Fill.class, name = "fill"),
  @JsonSubTypes.Type(value = Event.Churn.class, name = "churn"),
  @JsonSubTypes.Type(value = Event.Scale.class, name = "scale"),
  @JsonSubTypes.Type(value = Event.Shatter.class, name = "shatter"),
  @JsonSubTypes.Type(value = Event.Rollout.class, name = "rollout"),
  @JsonSubTypes.Type(value = Event.Reboot.class, name = "reboot"),
  @JsonSubTypes.Type(value = Event.Join.class, name = "join"),
  @JsonSubTypes.Type(value = Event.Silent.class, name = "silent"),
  @JsonSubTypes.Type(value = Event.Blind.class, name = "blind"),
  @JsonSubTypes.Type(value = Event.Skew.class, name = "skew"),
  @JsonSubTypes.Type(value = Event.Lost.class, name = "lost"),
  @JsonSubTypes.Type(value = Event.Duplicates.class, name = "duplicates"),
  @JsonSubTypes.Type(value = Event.Reordered.class, name = "reordered"),
  @JsonSubTypes.Type(value = Event.Unparsed.class, name = "unparsed")
})
public sealed interface Event {
  Where where();

  When when();

  /** Finding kinds that name it rightly, the most fitting first. */
  List<String> kinds();

  /** Whether an alert on it is false. */
  Boolean benign();

  /**
   * Which hosts: those of all that is said, of which so many are drawn.
   *
   * @param hosts how many
   * @param share how many of those that qualify, such as 20%
   * @param role as the label has it; without one, all but appliances
   * @param release kernel release they run
   */
  record Where(Integer hosts, Stretch share, String role, String region, String release) {
    static final Where ANY = new Where(1, null, null, null, null);

    /** {@code of role gateway, on 6.18.39}. */
    String which() {
      return Stream.of(
              role == null ? "" : "of role " + role,
              region == null ? "" : "in " + region,
              release == null ? "" : "on " + release)
          .filter(part -> !part.isEmpty())
          .collect(Collectors.joining(", "));
    }
  }

  /**
   * When.
   *
   * @param at from the beginning
   * @param lasts how long; to the end if it is left out
   * @param spread hosts begin within so long after {@code at}
   */
  record When(
      @JsonProperty(required = true) Stretch at,
      @JsonProperty("for") Stretch lasts,
      Stretch spread) {}

  /**
   * Whose memory: a caller by its name, {@code htab_map_alloc} or {@code nf_tables_newset
   * [nf_tables]}, or a family, whose name differs by kernel.
   */
  record Whose(String caller, String family, String area) {}

  /** Areas taken and not given back. */
  record Leak(
      Where where,
      @JsonProperty(required = true) When when,
      @JsonProperty(required = true) Whose whose,
      @JsonProperty(value = "per-hour", required = true) String perHour,
      String limit,
      Boolean together,
      List<String> kinds,
      Boolean benign)
      implements Event {}

  /** Bytes taken at once. */
  record Step(
      Where where,
      @JsonProperty(required = true) When when,
      @JsonProperty(required = true) Whose whose,
      @JsonProperty(required = true) String bytes,
      Boolean together,
      List<String> kinds,
      Boolean benign)
      implements Event {}

  /** A cache that fills and stays. */
  record Fill(
      Where where,
      @JsonProperty(required = true) When when,
      @JsonProperty(required = true) Whose whose,
      @JsonProperty(required = true) String bytes,
      @JsonProperty(value = "time-constant", required = true) Stretch timeConstant,
      Boolean together,
      List<String> kinds,
      Boolean benign)
      implements Event {}

  /** Areas of a caller come and go. */
  record Churn(
      Where where,
      @JsonProperty(required = true) When when,
      @JsonProperty(required = true) Whose whose,
      @JsonProperty(value = "areas-per-hour", required = true) Double areasPerHour,
      List<String> kinds,
      Boolean benign)
      implements Event {}

  /** The level of a caller changes, as by a deployment. */
  record Scale(
      Where where,
      @JsonProperty(required = true) When when,
      @JsonProperty(required = true) Whose whose,
      @JsonProperty(required = true) Double factor,
      List<String> kinds,
      Boolean benign)
      implements Event {}

  /** An address window is broken into holes too small. */
  record Shatter(
      Where where,
      @JsonProperty(required = true) When when,
      Whose whose,
      Double share,
      List<String> kinds,
      Boolean benign)
      implements Event {}

  /**
   * Hosts reboot into another kernel.
   *
   * @param scaled factors on the level of callers, by their name in the new kernel
   * @param renamed new names by old ones
   */
  record Rollout(
      Where where,
      @JsonProperty(required = true) When when,
      @JsonProperty(required = true) String release,
      Map<String, Double> scaled,
      Map<String, String> renamed,
      List<String> kinds,
      Boolean benign)
      implements Event {}

  /** Hosts reboot. */
  record Reboot(
      Where where, @JsonProperty(required = true) When when, List<String> kinds, Boolean benign)
      implements Event {}

  /** Hosts are there only from then on. */
  record Join(
      Where where, @JsonProperty(required = true) When when, List<String> kinds, Boolean benign)
      implements Event {}

  /** The agent is dead. */
  record Silent(
      Where where, @JsonProperty(required = true) When when, List<String> kinds, Boolean benign)
      implements Event {}

  /** The agent sees nothing. */
  record Blind(
      Where where,
      @JsonProperty(required = true) When when,
      String reason,
      List<String> kinds,
      Boolean benign)
      implements Event {}

  /**
   * The clock is off.
   *
   * @param ahead a duration; with a minus, behind
   */
  record Skew(
      Where where,
      @JsonProperty(required = true) When when,
      @JsonProperty(required = true) String ahead,
      List<String> kinds,
      Boolean benign)
      implements Event {}

  /** A share of the snapshots never arrives. */
  record Lost(
      Where where,
      @JsonProperty(required = true) When when,
      @JsonProperty(required = true) Stretch snapshots,
      List<String> kinds,
      Boolean benign)
      implements Event {}

  /** A share of the snapshots arrives twice. */
  record Duplicates(
      Where where,
      @JsonProperty(required = true) When when,
      @JsonProperty(required = true) Stretch snapshots,
      List<String> kinds,
      Boolean benign)
      implements Event {}

  /** A share of the snapshots arrives late, by up to {@code delay}. */
  record Reordered(
      Where where,
      @JsonProperty(required = true) When when,
      @JsonProperty(required = true) Stretch snapshots,
      @JsonProperty(required = true) Stretch delay,
      List<String> kinds,
      Boolean benign)
      implements Event {}

  /** Every snapshot reports lines it could not parse. */
  record Unparsed(
      Where where,
      @JsonProperty(required = true) When when,
      @JsonProperty(required = true) Integer lines,
      List<String> kinds,
      Boolean benign)
      implements Event {}
}
