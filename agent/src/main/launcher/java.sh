# SPDX-License-Identifier: Apache-2.0
#
# shellcheck shell=sh disable=SC2034,SC2154
#
# Sourced by launch, make-archive and make-runtime, which set home, the directory they lie in.
# Sets java, class_path, archive and zstd, and what the JVM needs in its environment.
#
#   JAVA_HOME   which Java, 17 or newer; by default what make-runtime made, else what the package
#               vmalloc-agent-runtime brought, else the one in PATH

fail() {
  printf 'vmalloc-agent: %s\n' "$1" >&2
  exit 1
}

how="install openjdk-17-jre-headless, or say in JAVA_HOME where one is"
if [ -z "${runtime+set}" ]; then
  runtime=$home/runtime
  [ -x "$runtime/bin/java" ] || runtime=$home-runtime
fi
if [ -n "${JAVA_HOME:-}" ]; then
  java=$JAVA_HOME/bin/java
  [ -x "$java" ] || fail "JAVA_HOME is $JAVA_HOME, but there is no bin/java in it: $how"
elif [ -x "$runtime/bin/java" ]; then
  java=$runtime/bin/java
else
  java=$(command -v java) || fail "no java in PATH; Java 17 or newer is needed: $how"
fi
java=$(readlink -f "$java")

# The release file says the version without starting a JVM.
java_version=
if [ -r "${java%/bin/java}/release" ]; then
  while IFS='"' read -r key value rest; do
    [ "$key" != JAVA_VERSION= ] || java_version=$value
  done <"${java%/bin/java}/release"
fi
[ -n "$java_version" ] || java_version=$("$java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p')
java_major=${java_version%%[!0-9]*}
[ "${java_major:-0}" -ge 17 ] || fail "$java is Java ${java_version:-of unknown version}; 17 or newer is needed: $how"

class_path=$home/vmalloc-agent.jar
archive=$home/classes-java$java_major.jsa

# Kafka's compression; where there is none for this CPU, kafka.compression.type has to say gzip.
case $(uname -m) in
  x86_64) zstd=$(echo "$home"/linux/amd64/libzstd-jni-*.so) ;;
  aarch64) zstd=$(echo "$home"/linux/aarch64/libzstd-jni-*.so) ;;
  *) zstd= ;;
esac

# One malloc arena: the default is eight a core.
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-1}"
