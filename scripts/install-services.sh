#!/usr/bin/env bash
# Installs from Debian's packages what tests run against: the real servers, a browser, jsonnet, and a C compiler.
set -euo pipefail
missing=()
need() { PATH="$PATH:/usr/sbin" command -v "$1" >/dev/null 2>&1 || missing+=("$2"); }
need redis-server redis-server
need influxd influxdb
need mosquitto mosquitto
need jsonnet jsonnet
need chromium chromium
need cc gcc
[ -e /usr/include/stdio.h ] || missing+=(libc6-dev)
compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || missing+=(postgresql)
[ ${#missing[@]} -eq 0 ] && exit 0
echo "installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
