#!/bin/sh
# Run once, when the primary's files are made: the site gets its database, and the standby may copy all and follow it.
# Nothing waits for the standby here: it can reach the primary only once this is over.
set -eu
PGOPTIONS="-c synchronous_commit=local" psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres -c "CREATE DATABASE settle"
echo "host replication $POSTGRES_USER all scram-sha-256" >>"$PGDATA/pg_hba.conf"
