#!/bin/sh
# Installs what some tests need beside Node: other runtimes from npm into .tools, and, as root on Debian, what the tests of
# the images, of PostgreSQL and its pooler, of TLS, of the proxies, of the JSON Schemas and of the example in Python need. Tests whose tool is missing are skipped with this command's name; under CI that is a failure.
set -eu
cd "$(dirname "$0")/.."

case "$(uname -m)" in
  x86_64) node=x64 deno=x64 bun=x64 ;;
  aarch64) node=arm64 deno=arm64 bun=aarch64 ;;
  *) echo "There are no other runtimes for $(uname -m) here." >&2; exit 1 ;;
esac

npm install --prefix .tools --no-save --no-audit --no-fund --no-package-lock --loglevel=error \
  "deno@npm:@deno/linux-$deno-glibc@2.9.6" \
  "bun@npm:@oven/bun-linux-$bun@1.4.5" \
  "node22@npm:node-linux-$node@22.23.3" \
  "node26@npm:node-linux-$node@26.10.0"

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  sh apps/baserunner/test/install-image-tools.sh
  sh packages/cloudly-handlers/test/install-postgres.sh
  sh packages/cloudly-handlers/test/install-pooler.sh
  apt-get install -y --no-install-recommends openssl iproute2 python3-jsonschema
  sh apps/cloudly-standalone/test/install-proxy.sh
fi
