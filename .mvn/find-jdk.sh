# Finds a JDK 25 or newer; sourced by ./mvnw, ./stoq and .ci/run (POSIX sh).
#
#   find_jdk      prints the home of a suitable JDK, or fails
#   require_jdk   sets and exports JAVA_HOME, or explains the remedy and fails

stoq_jdk_feature=25

find_jdk() {
  # An explicit JAVA_HOME wins, then the java on the path, then the usual places.
  if is_jdk "${JAVA_HOME:-}"; then
    printf '%s\n' "$JAVA_HOME"
    return 0
  fi
  find_jdk_java=$(command -v java 2>/dev/null) && {
    find_jdk_home=$(dirname "$(dirname "$(readlink -f "$find_jdk_java" 2>/dev/null || echo "$find_jdk_java")")")
    if is_jdk "$find_jdk_home"; then
      printf '%s\n' "$find_jdk_home"
      return 0
    fi
  }
  if [ -x /usr/libexec/java_home ]; then
    find_jdk_home=$(/usr/libexec/java_home -v "$stoq_jdk_feature+" 2>/dev/null) && is_jdk "$find_jdk_home" && {
      printf '%s\n' "$find_jdk_home"
      return 0
    }
  fi
  for find_jdk_home in \
    "${JAVA_HOME_25_X64:-}" "${JAVA_HOME_25_ARM64:-}" "${JDK_HOME:-}" "${JDK25_HOME:-}" \
    /usr/lib/jvm/* /usr/java/* /opt/*jdk* /opt/java/* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.local/share/mise/installs/java/* \
    "$HOME"/.asdf/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    if is_jdk "$find_jdk_home"; then
      printf '%s\n' "$find_jdk_home"
      return 0
    fi
  done
  return 1
}

require_jdk() {
  JAVA_HOME=$(find_jdk) || {
    echo "STOQ needs a JDK $stoq_jdk_feature or newer and found none:" \
      "install one (Debian: apt-get install openjdk-25-jdk-headless) or set JAVA_HOME to its folder." >&2
    return 1
  }
  export JAVA_HOME
}

# A JDK (not a JRE) whose `release` file names a feature version that is new enough; nothing is started to find out.
is_jdk() {
  [ -n "$1" ] && [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  is_jdk_version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  [ -n "$is_jdk_version" ] && [ "$is_jdk_version" -ge "$stoq_jdk_feature" ]
}
