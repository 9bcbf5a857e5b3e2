#!/bin/bash
# Debian packages of any suite, without touching what the system has installed or knows: for `source`, by the scripts
# beside it. The sources, lists and cache of apt are private, and point at the mirror that this machine already uses.
#
#   debian_begin FOLDER SUITE           scratch folder; downloads the suite's package lists
#   debian_unpack FOLDER INTO PACKAGES  fetches PACKAGES, without what they depend on, and unpacks them into INTO
#
# Both end the calling script with one line when they cannot do it; that script defines `fail`.

# The mirror of the running system: apt's own view first (it knows every format of sources), the files themselves when
# apt has no lists yet.
debian_mirror() {
  local uri
  uri=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' 2>/dev/null |
    awk '$1 ~ /\/debian\/?$/ { print $1; exit }') || true
  if [ -z "$uri" ]; then
    uri=$(cat /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
      grep -oE '[a-z]+://[^ ]+/debian/?( |$)' | head -n 1) || true
  fi
  echo "${uri%% *}"
}

debian_apt() {
  local folder=$1
  shift
  apt-get -qq \
    -o "Dir::Etc::sourcelist=$folder/suite.list" -o Dir::Etc::sourceparts=/dev/null \
    -o "Dir::State::Lists=$folder/lists" -o "Dir::Cache=$folder/cache" \
    -o Acquire::Languages=none -o Acquire::Retries=3 -o APT::Sandbox::User=root "$@"
}

debian_begin() {
  local folder=$1 suite=$2 uri
  command -v apt-get >/dev/null && command -v dpkg >/dev/null || fail 'needs apt-get and dpkg (a Debian system)'
  uri=$(debian_mirror)
  [ -n "$uri" ] || fail 'no Debian package source is configured on this machine'
  mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial" "$folder/packages"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $suite main" >"$folder/suite.list"
  debian_apt "$folder" update >"$folder/log" 2>&1 || fail "no package lists of $suite: $(tail -n 1 "$folder/log")"
}

debian_unpack() {
  local folder=$1 into=$2 package
  shift 2
  mkdir -p "$into"
  (cd "$folder/packages" && debian_apt "$folder" download "$@") >"$folder/log" 2>&1 ||
    fail "cannot fetch $*: $(tail -n 1 "$folder/log")"
  for package in "$folder"/packages/*.deb; do
    dpkg -x "$package" "$into" || fail "cannot unpack $(basename "$package")"
    rm "$package"
  done
}
