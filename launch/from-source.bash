# SPDX-License-Identifier: Apache-2.0
#
# shellcheck shell=bash disable=SC2154
#
# Sourced by ./vmalloc-fleet and ./vmalloc-agent, which run from their sources: finds Java, and builds
# what is missing or older than the sources. The one that sources this sets
#
#   root            the checkout
#   program         its name
#   module          the Maven module to build
#   sources         what the build is made from, relative to root
#   built           where log and stamp of the build lie
#   products        what an older build left and a new one must not find
#   maven_options   further options of the build
#
# and calls find_java, which sets java, java_home and java_major, then build_if_stale.

needs_java=17
needs_maven=3.8.7

log=$built/build.log
stamp=$built/stamp

fail() {
  printf '%s: %s\n' "$program" "$1" >&2
  exit 1
}

# Sets java, java_home and java_major. The release file of the JDK says its version without starting it.
find_java() {
  local how="get one with 'sudo apt install openjdk-17-jdk' or from https://adoptium.net, then set JAVA_HOME"
  if [[ -n ${JAVA_HOME:-} ]]; then
    java=$JAVA_HOME/bin/java
    [[ -x $java ]] || fail "JAVA_HOME is $JAVA_HOME, but there is no bin/java in it; JDK $needs_java or newer is needed: $how"
  else
    java=$(command -v java) || fail "no java in PATH and JAVA_HOME is not set; JDK $needs_java or newer is needed: $how"
    java=$(readlink -f "$java")
  fi
  java_home=$(dirname "$(dirname "$java")")
  local version
  version=$(sed -n 's/^JAVA_VERSION="\(.*\)"$/\1/p' "$java_home/release" 2>/dev/null || true)
  [[ -n $version ]] || version=$("$java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p')
  java_major=${version#1.}
  java_major=${java_major%%[!0-9]*}
  if [[ -z $java_major ]] || ((java_major < needs_java)); then
    fail "found Java ${version:-of unknown version} in $java_home; JDK $needs_java or newer is needed: $how"
  fi
}

# Sets maven. Only asked when there is something to build.
find_maven() {
  local how="get it with 'sudo apt install maven' or from https://maven.apache.org/download.cgi" version
  [[ -x $java_home/bin/javac ]] ||
    fail "found only a Java runtime in $java_home; to build, a JDK $needs_java or newer is needed: get one with 'sudo apt install openjdk-17-jdk' or from https://adoptium.net"
  maven=$(command -v mvn) || fail "no mvn in PATH; to build, Maven $needs_maven or newer is needed: $how"
  version=$(JAVA_HOME=$java_home "$maven" --version 2>/dev/null | sed -n 's/.*Apache Maven \([0-9.]*\).*/\1/p')
  if [[ $(printf '%s\n' "$needs_maven" "${version:-0}" | sort -V | head -n 1) != "$needs_maven" ]]; then
    fail "found Maven ${version:-of unknown version} in $maven; to build, $needs_maven or newer is needed: $how"
  fi
}

# Directories count too: a file that went away changes only those.
is_stale() {
  [[ ! -e $stamp ]] ||
    [[ -n $(cd "$root" && find "${sources[@]}" -newer "$stamp" -print -quit 2>/dev/null) ]]
}

# What Maven is at, from its log: the module, and whether it waits for a download.
step() {
  awk '/^\[INFO\] Building .*\[[0-9]+\/[0-9]+\]$/ { module = $3 (NF > 5 ? " " $4 : "") }
       { fetching = /^Download(ing|ed) / }
       END { print (module == "" ? "reading the build" : module) (fetching ? ", fetching libraries" : "") }' "$log" 2>/dev/null || true
}

build() {
  find_maven
  local started=$SECONDS pid status=0 at last=
  : >"$stamp.next"
  # Libraries of an older version must not stay beside the new ones.
  rm -rf "$stamp" "${products[@]}"
  (cd "$root" && JAVA_HOME=$java_home exec "$maven" -B -Dstyle.color=never \
    -Dmaven.test.skip=true -Dspotless.check.skip "${maven_options[@]}" -pl "$module" -am package) >"$log" 2>&1 </dev/null &
  pid=$!
  trap 'kill "$pid" 2>/dev/null; printf "\n" >&2; exit 130' INT TERM
  while kill -0 "$pid" 2>/dev/null; do
    at=$(step)
    if [[ -t 2 ]]; then
      printf '\r\033[KBuilding %s: %d s, %s' "$program" $((SECONDS - started)) "$at" >&2
    elif [[ $at != "$last" ]]; then
      printf 'Building %s: %d s, %s\n' "$program" $((SECONDS - started)) "$at" >&2
      last=$at
    fi
    sleep 0.5
  done
  wait "$pid" || status=$?
  trap - INT TERM
  [[ -t 2 ]] && printf '\r\033[K' >&2
  if ((status != 0)); then
    grep '^\[ERROR\] [^ ]' "$log" | grep -vE 'Help 1|[Rr]e-run|For more information|After correcting' | tail -n 15 >&2 ||
      tail -n 15 "$log" >&2
    fail "the build failed after $((SECONDS - started)) s; all it said is in $log"
  fi
  mv "$stamp.next" "$stamp"
  printf 'Built %s in %d s.\n' "$program" $((SECONDS - started)) >&2
}

build_if_stale() {
  is_stale || return 0
  if ((EUID == 0)) && [[ -n ${SUDO_UID:-} && $SUDO_UID == "$(stat -c %u "$root")" ]]; then
    # Under sudo the build stays its owner's: root's files in a checkout are in the way of the next one.
    sudo -H -u "#$SUDO_UID" env PATH="$PATH" JAVA_HOME="$java_home" "$root/$program" --version >/dev/null
    is_stale || return 0
  fi
  mkdir -p "$built"
  # Two first starts at once: the second waits for the first, then finds nothing left to do.
  exec 9>"$built/lock"
  if command -v flock >/dev/null && ! flock -n 9; then
    printf 'Waiting for another build of %s.\n' "$program" >&2
    flock 9
  fi
  if is_stale; then
    build 9>&-
  fi
  exec 9>&-
}
