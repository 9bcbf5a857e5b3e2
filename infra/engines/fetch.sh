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
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

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

# shellcheck source=infra/image/debian.sh
source "$here/../image/debian.sh"

# Package lists are thrown away in the end: old ones would name versions that the mirror no longer has.
work=$(mktemp -d "$folder/.work.XXXXXX")
trap 'rm -rf "$work"' EXIT

# lists SUITE: downloads the package index of that suite, once a run.
lists() {
  [ ! -e "$work/$1/ready" ] || return 0
  debian_begin "$work/$1" "$1"
  touch "$work/$1/ready"
}

# obtain SUITE PACKAGE FILE NAME: puts FILE of PACKAGE into the folder as NAME, if it runs here.
obtain() {
  local suite=$1 package=$2 file=$3 name=$4 unpacked="$work/$4"
  [ ! -x "$folder/$name" ] || return 0
  lists "$suite"
  debian_unpack "$work/$suite" "$unpacked/root" "$package"
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
