# shellcheck shell=bash
# What Portvakt needs from Debian 12, by use, and how to find out what is missing.
# shellcheck disable=SC2034  # the lists are read by scripts/setup

BUILD_PACKAGES=(
  g++ cmake ninja-build pkg-config ccache
  libssl-dev zlib1g-dev libisal-dev libmaxminddb-dev libyaml-cpp-dev libhiredis-dev
  libexpected-dev libfmt-dev libspdlog-dev libcli11-dev nlohmann-json3-dev
  libpsl-dev libidn2-dev libnghttp2-dev libsqlite3-dev publicsuffix uap-core prometheus-cpp-dev openssl ca-certificates
)
RUN_PACKAGES=(tzdata redis-server redis-tools nginx-light)
TEST_PACKAGES=(
  libgtest-dev libgmock-dev clang-19 clang-tidy-19 clang-format-19 libclang-rt-19-dev
  chromium fonts-dejavu-core nghttp2-client shellcheck yamllint systemd
)
# The peers that scripts/bench compares with, and what measures them.
BENCH_PACKAGES=(haproxy h2o nghttp2-proxy nghttp2-client linux-perf)

# node_is_usable: a Node.js of any origin that is new enough, with its npm.
node_is_usable() {
  command -v npm >/dev/null || return 1
  local version
  version=$(node --version 2>/dev/null) || return 1
  version=${version#v}
  ((${version%%.*} >= 18))
}

# missing_packages PACKAGE...: those that dpkg does not have installed, one a line.
missing_packages() {
  local installed
  installed=$(dpkg-query -W -f='${db:Status-Abbrev}${Package}\n' "$@" 2>/dev/null | sed -n 's/^ii *//p') || true
  local package
  for package in "$@"; do
    grep -qxF -- "$package" <<<"$installed" || printf '%s\n' "$package"
  done
}
