/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.publish;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/**
 * Why Kafka does not do what it was asked, in words that say what to mend.
 *
 * <p>Kafka's clients tell a rejected certificate, a wrong password and a missing right apart only
 * by exceptions deep inside others; of a client that speaks no TLS to a broker that does, they know
 * no more than that nobody answers.
 */
public final class KafkaRefusal {
  private static final String WHO_MAY_WHAT = "vmalloc-fleet access shows who may what";

  private KafkaRefusal() {}

  /**
   * One line, to go behind "Kafka at HOST:PORT: ".
   *
   * @param thrown what a client threw, wrapped as it may be
   */
  public static String reason(Throwable thrown) {
    Throwable root = causes(thrown).reduce((outer, inner) -> inner).orElseThrow();
    if (first(thrown, CertificateExpiredException.class) != null) {
      return "its certificate has expired (%s): renew it".formatted(root.getMessage());
    }
    if (first(thrown, CertPathBuilderException.class) != null
        || first(thrown, CertPathValidatorException.class) != null) {
      return "its certificate is of no authority in ssl.truststore.location (%s)"
          .formatted(root.getMessage());
    }
    if (first(thrown, CertificateException.class) != null) {
      return "its certificate is not for this address (%s)".formatted(root.getMessage());
    }
    if (first(thrown, SslAuthenticationException.class) != null) {
      return "TLS failed (%s): it may ask for a certificate, see ssl.keystore.location"
          .formatted(root.getMessage());
    }
    if (first(thrown, SaslAuthenticationException.class) != null) {
      return "it does not know this user, or not with this password: see sasl.jaas.config (%s)"
          .formatted(root.getMessage());
    }
    TopicAuthorizationException topic = first(thrown, TopicAuthorizationException.class);
    if (topic != null && !topic.unauthorizedTopics().isEmpty()) {
      return "this user may not do that with topic %s: %s"
          .formatted(String.join(", ", topic.unauthorizedTopics()), WHO_MAY_WHAT);
    }
    AuthorizationException refused = first(thrown, AuthorizationException.class);
    if (refused != null) {
      return "this user may not do that (%s): %s".formatted(refused.getMessage(), WHO_MAY_WHAT);
    }
    if (first(thrown, TimeoutException.class) != null) {
      return "it does not answer; or it wants TLS or a login, see security.protocol (%s)"
          .formatted(root.getMessage());
    }
    return String.valueOf(root.getMessage());
  }

  private static <T extends Throwable> T first(Throwable thrown, Class<T> type) {
    return causes(thrown).filter(type::isInstance).map(type::cast).findFirst().orElse(null);
  }

  private static Stream<Throwable> causes(Throwable thrown) {
    return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause);
  }
}
