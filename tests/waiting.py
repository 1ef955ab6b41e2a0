"""Who waits for a lock: in this database alone, for other tests have theirs on the same server."""

WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
