"""Who waits for a lock: in this database alone, for other tests have theirs on the same server."""

WAITING = """
SELECT waiting.pid FROM pg_locks waiting JOIN pg_locks own USING (pid)
JOIN pg_database ON pg_database.oid = own.database
WHERE NOT waiting.granted AND datname = current_database()
"""
