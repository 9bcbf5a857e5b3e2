#!/bin/bash
# A Docker Engine with Compose v2 where there is none: for tests on a bare Debian (12 or newer), as root.
#
#   eval "$(infra/image/engine.sh up)"     prints what to export; progress and troubles go to stderr
#   infra/image/engine.sh down             ends the engine that `up` has started, and nothing else
#
# An engine that answers already, and has Compose v2, is used and left alone. Otherwise Debian 13's engine is unpacked
# into a private folder (STORMGLASS_ENGINE_FOLDER, default ~/.cache/stormglass-docker) and started there with a socket,
# data and pid file of its own; one that an earlier run has left there is taken over. Nothing is configured in the
# system: runc, tini and iptables are installed if they are missing, and the rules that the engine adds to iptables are
# taken away with it.
#
# Printed besides DOCKER_HOST, DOCKER_CONFIG, PATH and DOCKER_BUILDKIT (ours has the classic builder): STORMGLASS_ENGINE,
# which is `found` (an engine of the machine), `running` (ours, already up) or `started`: who starts it ends it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

folder=${STORMGLASS_ENGINE_FOLDER:-${XDG_CACHE_HOME:-$HOME/.cache}/stormglass-docker}
socket=unix://$folder/docker.sock
pid_file=$folder/dockerd.pid
PATH=$PATH:/usr/sbin:/sbin

say() { echo "engine.sh: $*" >&2; }

fail() {
  say "$*"
  exit 1
}

# The machine does not let an engine run, whatever one does here: exit code 3.
impossible() {
  say "$*"
  exit 3
}

# shellcheck source=infra/image/debian.sh
source "$here/debian.sh"

answers() { timeout 10 docker version --format '{{.Server.Version}}' 2>/dev/null; }

# The pid of our own engine, if it is alive.
own_pid() {
  local pid
  pid=$(cat "$pid_file" 2>/dev/null) && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = dockerd ] && echo "$pid"
}

use_own() { export DOCKER_HOST=$socket DOCKER_CONFIG=$folder/config PATH=$folder/bin:$PATH; }

exports() {
  echo "export STORMGLASS_ENGINE=$1"
  [ "$1" != found ] || return 0
  printf 'export DOCKER_HOST=%q DOCKER_CONFIG=%q DOCKER_BUILDKIT=0 PATH=%q:"$PATH"\n' \
    "$socket" "$folder/config" "$folder/bin"
}

# What the engine calls, and this release of Debian has: no services among it.
install_tools() {
  local wanted=()
  command -v runc >/dev/null || wanted+=(runc)
  command -v tini-static >/dev/null || wanted+=(tini)
  command -v iptables >/dev/null || wanted+=(iptables)
  [ ${#wanted[@]} -gt 0 ] || return 0
  say "installing ${wanted[*]}"
  { apt-get -qq -o Acquire::Retries=3 update &&
    DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=120 install --no-install-recommends "${wanted[@]}"; } \
    >"$folder/install.log" 2>&1 || fail "cannot install ${wanted[*]}: $(tail -n 1 "$folder/install.log")"
}

# Debian 13's engine needs nothing newer than what Debian 12 has. 26.1.5 is the first of its line whose name server
# forwards from internal networks again (the engine's issue 47822).
obtain_engine() {
  local work unpacked file
  [ ! -x "$folder/bin/dockerd" ] || return 0
  say 'unpacking the engine of Debian 13'
  work=$(mktemp -d "$folder/.work.XXXXXX")
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  unpacked=$work/root
  debian_begin "$work" trixie
  debian_unpack "$work" "$unpacked" docker.io docker-cli containerd docker-compose
  mkdir -p "$folder/bin" "$folder/config/cli-plugins"
  mv "$(find "$unpacked" -type f -name docker-compose -perm -u+x | head -n 1)" "$folder/config/cli-plugins/docker-compose"
  ln -sf "$(command -v tini-static)" "$folder/bin/docker-init"
  for file in bin/docker bin/containerd bin/containerd-shim-runc-v2 sbin/docker-proxy sbin/dockerd; do
    mv "$unpacked/usr/$file" "$folder/bin/" # dockerd last: it says that all is there
  done
  rm -rf "$work"
}

# Some kernels lack the tables of the newer kind.
choose_iptables() {
  mkdir -p "$folder/bin"
  rm -f "$folder/bin/iptables"
  iptables -t nat -L -n >/dev/null 2>&1 && return 0
  iptables-legacy -t nat -L -n >/dev/null 2>&1 || impossible 'the nat table of iptables cannot be had (no right to it, or no module)'
  ln -s "$(command -v iptables-legacy)" "$folder/bin/iptables"
}

start() {
  local pid why version=
  iptables -S FORWARD 2>/dev/null | awk '/^-P/ { print $3 }' >"$folder/forward-policy"
  rm -f "$folder/docker.sock" "$pid_file"
  # The mark by which `.ci/run` finds what a step has left behind is not for the engine, nor is its temporary folder: the
  # engine outlives steps on purpose.
  env -u STORMGLASS_CI_RUN -u TMPDIR setsid dockerd --host "$socket" --data-root "$folder/data" --exec-root "$folder/exec" \
    --pidfile "$pid_file" >"$folder/dockerd.log" 2>&1 </dev/null &
  pid=$!
  for _ in $(seq 300); do
    version=$(answers) && [ -n "$version" ] && break
    kill -0 $pid 2>/dev/null || break
    sleep 0.1
  done
  if [ -z "$version" ]; then
    why=$(grep -E 'failed|level=(error|fatal)' "$folder/dockerd.log" | tail -n 1)
    ! grep -qiE 'not permitted|permission denied|cgroup' <<<"$why" || impossible "the engine may not start: $why"
    fail "the engine does not start: $why"
  fi
  say "engine $version with $(docker compose version), in $folder"
}

up() {
  local version
  if version=$(answers) && [ -n "$version" ] && docker compose version >/dev/null 2>&1; then
    if [ "${DOCKER_HOST:-}" = "$socket" ]; then exports running; else exports found; fi
    return
  fi
  [ "$(uname -s)" = Linux ] && [ "$(id -u)" -eq 0 ] ||
    impossible 'no Docker Engine with Compose v2 answers, and only root on a Debian can start one here'
  mkdir -p "$folder"
  # Two may want one at once; the second waits and finds it running.
  exec 9>"$folder/.lock"
  flock 9
  if [ -n "$(own_pid)" ]; then
    use_own
    version=$(answers) || fail "the engine in $folder is alive and does not answer; end it: infra/image/engine.sh down"
    exports running
    return
  fi
  ! pgrep -x dockerd >/dev/null || fail 'an engine runs on this machine and does not answer; a second one would disturb it'
  install_tools
  obtain_engine
  use_own
  choose_iptables
  start 9>&-
  exports started
}

# Rules that name one of the engine's chains or bridges go; all others stay.
remove_rules() {
  local rules policy
  rules=$(iptables-save 2>/dev/null | grep -vE 'DOCKER|docker0|br-[0-9a-f]{12}') || true
  # `iptables-save` belongs to the kind of tables that the system prefers, which may not be the engine's.
  [ ! -L "$folder/bin/iptables" ] || rules=$(iptables-legacy-save | grep -vE 'DOCKER|docker0|br-[0-9a-f]{12}') || true
  if [ -L "$folder/bin/iptables" ]; then iptables-legacy-restore <<<"$rules"; else iptables-restore <<<"$rules"; fi
  policy=$(cat "$folder/forward-policy" 2>/dev/null) || true
  iptables -P FORWARD "${policy:-ACCEPT}"
}

down() {
  local pid bridge
  pid=$(own_pid) || { say 'there is no engine of ours to end' && return; }
  use_own
  # Containers first, or their processes would go on without the engine.
  # shellcheck disable=SC2046
  [ -z "$(docker ps -q)" ] || docker kill $(docker ps -q) >/dev/null || true
  kill "$pid"
  for _ in $(seq 200); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  ! kill -0 "$pid" 2>/dev/null || fail "the engine ($pid) does not end; its log is $folder/dockerd.log"
  remove_rules
  for bridge in docker0 $(ip -o link show type bridge | grep -oE 'br-[0-9a-f]{12}'); do
    ip link delete "$bridge" 2>/dev/null || true
  done
  rm -f "$folder/docker.sock"
  say 'engine ended'
}

case ${1:-} in
up) up ;;
down) down ;;
*) fail 'say up or down' ;;
esac
