#!/bin/bash
# Obtains the real log servers for tests and measurements, out of Debian packages, without installing anything.
#
#   infra/engines/fetch.sh [--sid] [folder]      folder: default ${XDG_CACHE_HOME:-~/.cache}/stormglass-engines
#
# Leaves in the folder:
#   nats-server        Debian 13's (2.10.27): the oldest version the jetstream engine accepts
#   nats-server-2.9    Debian 12's: the version it must refuse
#   etcd               Debian 13's (3.5)
#   etcd-3.4           Debian 12's
#   nats-server-sid, etcd-sid   only with --sid: whatever Debian unstable has today
#
# The binaries are statically linked or need an old libc only, so Debian 12 runs Debian 13's. Each package comes through
# a private apt configuration (own sources, lists and cache) that points at the mirror this machine already uses: the
# system's packages, lists and services stay as they are. A second run finds the files and does nothing.
set -euo pipefail

with_sid=
if [ "${1:-}" = --sid ]; then
  with_sid=1
  shift
fi
folder=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/stormglass-engines}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

fail() {
  echo "fetch.sh: $*" >&2
  exit 1
}

# Two test runs may start at once; the second waits and then finds the files.
exec 9>"$folder/.lock"
flock 9

# The mirror of the running system: apt's own view first (it knows every source format), the files themselves when apt
# has no lists yet.
mirror() {
  local uri
  uri=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' 2>/dev/null |
    awk '$1 ~ /\/debian\/?$/ { print $1; exit }') || true
  if [ -z "$uri" ]; then
    uri=$(cat /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
      grep -oE '[a-z]+://[^ ]+/debian/?( |$)' | head -n 1) || true
  fi
  [ -n "$uri" ] || fail 'no Debian package source is configured on this machine'
  echo "${uri%% *}"
}

# Package lists are thrown away in the end: old ones would name versions that the mirror no longer has.
work=$(mktemp -d "$folder/.work.XXXXXX")
trap 'rm -rf "$work"' EXIT

# apt SUITE args...: apt-get with its own idea of where packages come from.
apt() {
  local suite=$1 home="$work/$1"
  shift
  apt-get -qq \
    -o "Dir::Etc::sourcelist=$home/suite.list" -o Dir::Etc::sourceparts=/dev/null \
    -o "Dir::State::Lists=$home/lists" -o "Dir::Cache=$home/cache" \
    -o Acquire::Languages=none -o Acquire::Retries=3 -o APT::Sandbox::User=root "$@"
}

# lists SUITE: downloads the package index of that suite, once a run.
lists() {
  local suite=$1 home="$work/$1"
  [ ! -e "$home/ready" ] || return 0
  mkdir -p "$home/lists/partial" "$home/cache/archives/partial"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(mirror) $suite main" >"$home/suite.list"
  apt "$suite" update >"$home/update.log" 2>&1 || fail "no package lists of $suite: $(tail -n 1 "$home/update.log")"
  touch "$home/ready"
}

# obtain SUITE PACKAGE FILE NAME: puts FILE of PACKAGE into the folder as NAME, if it runs here.
obtain() {
  local suite=$1 package=$2 file=$3 name=$4 unpacked="$work/$4"
  [ ! -x "$folder/$name" ] || return 0
  command -v apt-get >/dev/null && command -v dpkg >/dev/null || fail 'needs apt-get and dpkg (a Debian system)'
  lists "$suite"
  mkdir "$unpacked"
  (cd "$unpacked" && apt "$suite" download "$package" && dpkg -x ./*.deb root) >"$unpacked.log" 2>&1 ||
    fail "cannot fetch $package of $suite: $(tail -n 1 "$unpacked.log")"
  "$unpacked/root/$file" --version >"$unpacked.log" 2>&1 ||
    fail "$package of $suite does not run here: $(head -n 1 "$unpacked.log")"
  mv "$unpacked/root/$file" "$folder/$name"
  echo "$name: $(head -n 1 "$unpacked.log")"
}

obtain trixie nats-server usr/sbin/nats-server nats-server
obtain bookworm nats-server usr/sbin/nats-server nats-server-2.9
obtain trixie etcd-server usr/bin/etcd etcd
obtain bookworm etcd-server usr/bin/etcd etcd-3.4
if [ -n "$with_sid" ]; then
  obtain sid nats-server usr/sbin/nats-server nats-server-sid
  obtain sid etcd-server usr/bin/etcd etcd-sid
fi
