#!/usr/bin/env bash
# Run once by the PostgreSQL image on an empty data folder: a role and a database for each service, none sees another's.
set -euo pipefail
for service in aggregation monitoring reporting; do
  psql --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --set "name=${service}" --set "password=$(cat "${TTA_SECRETS:-/secrets}/${service}-password")" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
done
