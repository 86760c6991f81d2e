#!/bin/sh
# The proxy of compose.postgres.yml for its test, on a Debian machine: the program alone, in .tools, since Debian's package
# would start a server.
set -eu
tools="$(cd "$(dirname "$0")/../../.." && pwd)/.tools"
[ ! -x "$tools/caddy/usr/bin/caddy" ] || exit 0
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
# apt fetches as a user of its own.
chmod 777 "$folder"
(cd "$folder" && apt-get update && apt-get download caddy)
mkdir -p "$tools"
dpkg -x "$folder"/caddy_*.deb "$tools/caddy"
