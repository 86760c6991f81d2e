#!/bin/sh
# PgBouncer for its test, on a Debian machine: the program and its libraries alone, in .tools, since Debian's package would
# start a server.
set -eu
tools="$(cd "$(dirname "$0")/../../.." && pwd)/.tools"
[ ! -x "$tools/pgbouncer/usr/sbin/pgbouncer" ] || exit 0
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
# apt fetches as a user of its own.
chmod 777 "$folder"
(cd "$folder" && apt-get update && apt-get download pgbouncer libc-ares2 libevent-2.1-7)
mkdir -p "$tools/pgbouncer"
for package in "$folder"/*.deb; do dpkg -x "$package" "$tools/pgbouncer"; done
