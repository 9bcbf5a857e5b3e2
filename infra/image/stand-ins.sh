#!/bin/bash
# Local stand-ins for the official images that the region is built from, where no image registry can be reached: same
# names, same programs, out of Debian's packages and npm. What exists under its name already is left as it is.
#
#   infra/image/stand-ins.sh      as root on a Debian, with an engine (infra/image/engine.sh)
#
#   debian:trixie-slim   Debian 13, its essential packages and apt
#   node:26-slim         the Node that the project pins, npm, and the user `node`
#   nats:2-alpine        Debian 13's nats-server
#   redis:8-alpine       Debian 13's redis-server
#
# The last two are Debian all the same: what the region calls in them (sh, wget, the servers and redis-cli) is there.
# Stand-ins trust the certificate authorities that this machine trusts, so that builds in them reach what it reaches; the
# project's own images do not. They bear the label `stormglass.stand-in`.
set -euo pipefail
cd "$(dirname "$0")/../.."

fail() {
  echo "stand-ins.sh: $*" >&2
  exit 1
}

# shellcheck source=infra/image/debian.sh
source infra/image/debian.sh

began=$SECONDS
made() { echo "$1: $(docker image inspect --format '{{.Size}}' "$1" | awk '{ printf "%d MB", $1 / 1e6 }'), after $((SECONDS - began)) s"; }
missing() { ! docker image inspect "$1" >/dev/null 2>&1; }

docker version >/dev/null 2>&1 || fail 'no Docker Engine answers: eval "$(infra/image/engine.sh up)"'
work=$(mktemp -d "${TMPDIR:-/tmp}/stormglass-stand-ins.XXXXXX")
trap 'rm -rf "$work"' EXIT
certificates=/etc/ssl/certs/ca-certificates.crt

# build NAME FOLDER: with the Dockerfile from stdin.
build() {
  DOCKER_BUILDKIT=0 docker build --quiet --label stormglass.stand-in=true --tag "$1" --file - "$2" >"$work/log" 2>&1 ||
    fail "cannot build $1: $(tail -n 3 "$work/log" | tr '\n' ' ')"
  made "$1"
}

debian() {
  local uri
  uri=$(debian_mirror)
  [ -n "$uri" ] || fail 'no Debian package source is configured on this machine'
  [ "$(id -u)" -eq 0 ] || fail 'needs root, to unpack a Debian'
  command -v mmdebstrap >/dev/null || {
    apt-get -qq -o Acquire::Retries=3 update &&
      DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends mmdebstrap
  } >"$work/log" 2>&1 || fail "cannot install mmdebstrap: $(tail -n 1 "$work/log")"
  mmdebstrap --quiet --variant=minbase --include=libatomic1,libstdc++6 \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    trixie "$work/debian.tar" "$uri" >"$work/log" 2>&1 ||
    fail "cannot make a Debian: $(tail -n 1 "$work/log")"
  docker import --change 'LABEL stormglass.stand-in=true' --change 'CMD ["bash"]' "$work/debian.tar" debian:trixie-slim >/dev/null
  made debian:trixie-slim
}

node() {
  local context=$work/node binary=node_modules/node/bin/node
  [ -x "$binary" ] || fail "$binary is missing: npm run check installs it"
  mkdir "$context"
  cp "$binary" "$certificates" "$context/"
  npm install --prefix "$context" --no-save --no-audit --no-fund --loglevel=error npm@11 >"$work/log" 2>&1 ||
    fail "cannot fetch npm: $(tail -n 1 "$work/log")"
  # As in the official image, what is no program is an argument of node.
  cat >"$context/docker-entrypoint.sh" <<'SCRIPT'
#!/bin/sh
case $1 in -*) set -- node "$@" ;; esac
command -v "$1" >/dev/null || set -- node "$@"
exec "$@"
SCRIPT
  chmod +x "$context/docker-entrypoint.sh"
  build node:26-slim "$context" <<DOCKERFILE
FROM debian:trixie-slim
RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node
ENV NODE_VERSION=$("$binary" --version | tr -d v) NODE_EXTRA_CA_CERTS=$certificates
COPY ca-certificates.crt $certificates
COPY node docker-entrypoint.sh /usr/local/bin/
COPY node_modules/npm /usr/local/lib/node_modules/npm
RUN cd /usr/local/bin && ln -s ../lib/node_modules/npm/bin/npm-cli.js npm && ln -s ../lib/node_modules/npm/bin/npx-cli.js npx
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["node"]
DOCKERFILE
}

# server NAME PACKAGE PORT: a server of Debian's, and the tools that the official image has from Alpine.
server() {
  mkdir -p "$work/empty"
  build "$1" "$work/empty" <<DOCKERFILE
FROM debian:trixie-slim
RUN apt-get -qq update && apt-get -qq -y install --no-install-recommends $2 busybox-static && \
    rm -rf /var/lib/apt/lists/* /var/cache/apt/* && \
    ln -s /usr/bin/busybox /usr/local/bin/wget && ln -s /usr/bin/busybox /usr/local/bin/nc
EXPOSE $3
CMD ["$2"]
DOCKERFILE
}

if missing debian:trixie-slim; then debian; fi
if missing node:26-slim; then node; fi
if missing nats:2-alpine; then server nats:2-alpine nats-server 4222; fi
if missing redis:8-alpine; then server redis:8-alpine redis-server 6379; fi
