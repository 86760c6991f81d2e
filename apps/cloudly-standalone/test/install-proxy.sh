#!/bin/sh
# Proxies for their tests, on a Debian machine: Caddy, which compose.postgres.yml has, and HAProxy with its libraries. The
# programs alone, in .tools, since Debian's packages would start servers.
set -eu
tools="$(cd "$(dirname "$0")/../../.." && pwd)/.tools"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
# apt fetches as a user of its own.
chmod 777 "$folder"

# unpack <name> <program> <packages...>
unpack() {
  name="$1"
  [ ! -x "$tools/$name/usr/$2" ] || return 0
  shift 2
  mkdir "$folder/$name"
  chmod 777 "$folder/$name"
  (cd "$folder/$name" && apt-get update && apt-get download "$@")
  mkdir -p "$tools/$name"
  for package in "$folder/$name"/*.deb; do dpkg -x "$package" "$tools/$name"; done
}

unpack caddy bin/caddy caddy
unpack haproxy sbin/haproxy haproxy liblua5.3-0 libopentracing-c-wrapper0 libopentracing1
