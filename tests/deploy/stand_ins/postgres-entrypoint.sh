#!/usr/bin/env bash
# What the entrypoint of the image `postgres` does on an empty data folder, as far as our manifests use it.
set -euo pipefail
export PGDATA=${PGDATA:-/var/lib/postgresql/data}
if [ "$(id -u)" = 0 ]; then
  install -d -o postgres-of-the-pod -g 65532 -m 0700 "$PGDATA"
  exec setpriv --reuid=65532 --regid=65532 --clear-groups "$0" "$@"
fi
# Podman gives a volume the owner that its place has in the image: the socket lies where anybody may write.
export PGHOST=/tmp
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb --pgdata="$PGDATA" --username=postgres --pwfile="$POSTGRES_PASSWORD_FILE" --auth-host=scram-sha-256 --auth-local=trust
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  pg_ctl --pgdata="$PGDATA" --options="-c listen_addresses='' -c unix_socket_directories=/tmp" --wait start
  for script in /docker-entrypoint-initdb.d/*.sh; do bash "$script"; done
  pg_ctl --pgdata="$PGDATA" --mode=fast --wait stop
fi
exec "$@" -c "listen_addresses=*" -c unix_socket_directories=/tmp
