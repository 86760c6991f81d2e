#!/bin/sh
# Installs what some tests need beside Node: other runtimes from npm into .tools and, as root on Debian, the programs below.
# Tests whose tool is missing are skipped with this command's name; under CI they fail instead.
set -eu
cd "$(dirname "$0")/.."
tools="$PWD/.tools"

case "$(uname -m)" in
  x86_64) node=x64 deno=x64 bun=x64 ;;
  aarch64) node=arm64 deno=arm64 bun=aarch64 ;;
  *) echo "The other runtimes are not available for $(uname -m)." >&2; exit 1 ;;
esac

install_runtimes() {
  npm install --prefix "$tools" --no-save --no-audit --no-fund --no-package-lock --loglevel=error \
    "deno@npm:@deno/linux-$deno-glibc@2.9.6" \
    "bun@npm:@oven/bun-linux-$bun@1.4.5" \
    "node22@npm:node-linux-$node@22.23.3" \
    "node26@npm:node-linux-$node@26.10.0"
}

# unpack <name> <program> <packages...>: the program and its libraries alone, since Debian's package would start a server.
unpack() {
  name="$1"
  program="$2"
  shift 2
  [ ! -x "$tools/$name/usr/$program" ] || return 0
  # apt downloads as a user of its own.
  folder="$(mktemp -d)"
  chmod 777 "$folder"
  (cd "$folder" && apt-get download "$@")
  mkdir -p "$tools/$name"
  for package in "$folder"/*.deb; do dpkg -x "$package" "$tools/$name"; done
  rm -rf "$folder"
}

install_programs() {
  export DEBIAN_FRONTEND=noninteractive
  # Tests start PostgreSQL servers of their own: none is set up for the machine.
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
  fi
  apt-get update
  # Images; the store in PostgreSQL; TLS; slow networks; JSON Schemas and the example in Python; completion; the page.
  apt-get install -y --no-install-recommends \
    docker.io docker-compose iptables binutils busybox-static ca-certificates \
    postgresql \
    openssl \
    iproute2 \
    python3-jsonschema \
    zsh \
    chromium
  unpack pgbouncer sbin/pgbouncer pgbouncer libc-ares2 libevent-2.1-7
  unpack caddy bin/caddy caddy
  unpack prometheus bin/promtool prometheus
  unpack haproxy sbin/haproxy haproxy liblua5.3-0 libopentracing-c-wrapper0 libopentracing1
}

install_runtimes &
runtimes=$!
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then install_programs; fi
wait "$runtimes"
