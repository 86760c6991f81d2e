#!/bin/sh
# PostgreSQL's server for the tests of the store in it, on a Debian machine; run it as root. Tests start servers of their own:
# none is set up for the machine.
set -eu
export DEBIAN_FRONTEND=noninteractive
if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
  mkdir -p /etc/postgresql-common
  echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
fi
apt-get update
apt-get install -y --no-install-recommends postgresql
