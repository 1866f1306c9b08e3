#!/bin/bash
# The part of the official image's entry point that this project uses: the password by file, and scripts at the first start.
set -euo pipefail
if [ "$(id -u)" = 0 ]; then
  chown postgres:postgres "$PGDATA" && chmod 700 "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi
user="${POSTGRES_USER:-postgres}"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb --username="$user" --pwfile="$POSTGRES_PASSWORD_FILE" --auth-local=trust --auth-host=scram-sha-256 \
    --encoding=UTF8 --locale=C.UTF-8 >/dev/null
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  pg_ctl --wait -o "-c listen_addresses=''" start >/dev/null  # nobody outside sees a database that is not ready
  for script in /docker-entrypoint-initdb.d/*.sql; do
    if [ -f "$script" ]; then psql --set=ON_ERROR_STOP=1 --no-psqlrc --quiet --username="$user" --file="$script" postgres; fi
  done
  pg_ctl --wait --mode=fast stop >/dev/null
fi
exec "$@" -c listen_addresses='*'
