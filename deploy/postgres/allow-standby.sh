#!/bin/sh
# Run once, when the primary's files are made: the standby may copy it and follow it.
set -eu
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -c "ALTER ROLE $POSTGRES_USER REPLICATION"
echo "host replication $POSTGRES_USER all scram-sha-256" >>"$PGDATA/pg_hba.conf"
