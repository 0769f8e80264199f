/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.access;

import io.vmallocfleet.agent.publish.KafkaRefusal;
import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.kafka.KafkaOptions;
import io.vmallocfleet.local.stack.StackException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import javax.annotation.Nullable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.errors.InterruptException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Sets up the product's users on a Kafka that has an authorizer.
 *
 * <pre>
 * USER            MAY            ON
 * vmalloc-agent   WRITE DESCRIBE topic vmalloc.snapshots
 * </pre>
 */
@Command(
    name = "access",
    description = {
      "Show what each part of the product may do on a Kafka that has an authorizer.",
      "With --create, set it up: rights for all users and, with --passwords, users for SCRAM-SHA-512.",
      "Run it as an administrator of that Kafka. Users who hold certificates need no passwords, only names."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class AccessCommand implements Runnable {
  /** RFC 5802 asks for 4096 at least; what Kafka's own tools take by default. */
  private static final int ITERATIONS = 8192;

  private static final int ANSWER_LIMIT_MILLIS = 20_000;

  @Option(names = "--create", description = "Give the rights.")
  private boolean create;

  @Option(
      names = "--passwords",
      paramLabel = "DIR",
      description = "Directory with a file USER.password for each user, whose password it becomes.")
  private @Nullable Path passwords;

  @Mixin private final KafkaOptions kafka;

  @Spec private CommandSpec spec;

  public AccessCommand(Supplier<String> runningStack) {
    this.kafka = new KafkaOptions(runningStack);
  }

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    if (create) {
      create(kafka.access());
    }
    out.printf("%-16s%-20s%s%n", "USER", "MAY", "ON");
    for (FleetUser user : FleetUser.values()) {
      for (FleetUser.Right right : user.rights()) {
        out.printf("%-16s%-20s%s%n", user.userName(), operations(right), resource(right));
      }
    }
    out.flush();
  }

  private void create(KafkaAccess access) {
    // Before anything is changed: a user without a password would be half set up.
    List<UserScramCredentialAlteration> users = passwords == null ? List.of() : users(passwords);
    List<AclBinding> rights =
        Arrays.stream(FleetUser.values()).flatMap(FleetUser::bindings).toList();
    Map<String, Object> client =
        access.client(
            Map.of(
                "request.timeout.ms",
                ANSWER_LIMIT_MILLIS / 2,
                "default.api.timeout.ms",
                ANSWER_LIMIT_MILLIS));
    try (Admin admin = Admin.create(client)) {
      if (!users.isEmpty()) {
        await(admin.alterUserScramCredentials(users).all(), access);
      }
      await(admin.createAcls(rights).all(), access);
    }
  }

  private static List<UserScramCredentialAlteration> users(Path directory) {
    var scram = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS);
    List<UserScramCredentialAlteration> users = new ArrayList<>();
    for (FleetUser user : FleetUser.values()) {
      Path file = directory.resolve(user.userName() + ".password");
      users.add(new UserScramCredentialUpsertion(user.userName(), scram, password(file)));
    }
    return users;
  }

  private static String password(Path file) {
    try {
      String password = Files.readString(file).strip();
      if (password.isEmpty()) {
        throw new StackException("%s is empty: expected a password".formatted(file));
      }
      return password;
    } catch (IOException e) {
      throw new StackException("Password in %s cannot be read: %s".formatted(file, e), e);
    }
  }

  private static void await(KafkaFuture<Void> future, KafkaAccess access) {
    try {
      future.get();
    } catch (ExecutionException e) {
      throw new StackException(
          "Kafka at %s refuses: %s".formatted(access.bootstrap(), KafkaRefusal.reason(e)),
          e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private static String operations(FleetUser.Right right) {
    return String.join(" ", right.operations().stream().map(Enum::name).toList());
  }

  private static String resource(FleetUser.Right right) {
    String name = right.resource().name();
    return switch (right.resource().patternType()) {
      case PREFIXED -> "%s %s*".formatted(type(right), name);
      default -> "%s %s".formatted(type(right), name);
    };
  }

  private static String type(FleetUser.Right right) {
    return right.resource().resourceType().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
