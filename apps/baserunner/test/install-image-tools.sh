#!/bin/sh
# What the test of the container image needs on a Debian machine; run it as root. Nothing is started.
set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends docker.io docker-compose iptables mmdebstrap
