#!/bin/sh
# Starts Redis with the password of its environment. It reaches Redis in a file of its own, as a command line is for
# everybody to read; without one Redis does not start.
set -eu
: "${REDIS_PASSWORD:?is not set: run npm run init}"
umask 077
here=$(dirname "$0")
run=${RUN_FOLDER:-/tmp}
printf 'requirepass %s\n' "$REDIS_PASSWORD" >"$run/password.conf"
exec redis-server "$here/redis.conf" --include "$run/password.conf" --dir "${DATA_FOLDER:-/data}" "$@"
