#!/bin/sh
# Copy the primary the first time, then follow it under the name for which it waits.
set -eu
data=/var/lib/postgresql/data/standby
# A copy that was broken off is made anew: it gets its name once it is whole.
while [ ! -d "$data" ]; do
    rm -rf "$data.part"
    if pg_basebackup -d "host=primary user=settle" -D "$data.part" -R -c fast; then mv "$data.part" "$data"; else sleep 2; fi
done
# cluster_name: who still copies does not bear the name for which the primary waits; half a copy keeps nothing.
# Logged as by the primary, for when it takes its place: no values of what is refused.
exec postgres -D "$data" -c cluster_name=standby -c log_min_error_statement=panic -c log_error_verbosity=terse
