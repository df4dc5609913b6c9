#!/bin/sh
# Starts Mosquitto with the two users of its environment. mosquitto_passwd hashes the file in place, so that no password
# stands on a command line; without both nothing starts.
set -eu
: "${DEVICES_PASSWORD:?is not set: run npm run init}"
: "${BROKER_PASSWORD:?is not set: run npm run init}"
umask 077
run=${RUN_FOLDER:-/tmp}
printf 'devices:%s\nforewarn:%s\n' "$DEVICES_PASSWORD" "$BROKER_PASSWORD" >"$run/passwords"
mosquitto_passwd -U "$run/passwords"
exec mosquitto -c "${CONFIG_FILE:-$(dirname "$0")/mosquitto.conf}"
