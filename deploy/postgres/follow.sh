#!/bin/sh
# Copy the primary the first time, then follow it under the name for which it waits.
set -eu
data=/var/lib/postgresql/data/standby
if [ ! -s "$data/PG_VERSION" ]; then
    rm -rf "$data"
    until pg_basebackup -d "host=primary user=settle application_name=standby" -D "$data" -R -c fast; do sleep 2; done
fi
# Logged as by the primary, for when it takes its place: no values of what is refused.
exec postgres -D "$data" -c log_min_error_statement=panic -c log_error_verbosity=terse
