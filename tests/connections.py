"""Connections to the server that all tests share: who waits, and how to be rid of them."""

WAITING = """
SELECT waiting.pid FROM pg_locks waiting JOIN pg_locks own USING (pid)
JOIN pg_database ON pg_database.oid = own.database
WHERE NOT waiting.granted AND datname = current_database()
"""
"""Who waits for a lock, in this database alone: other tests have theirs."""

END = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user
"""
"""Ends those to a database that is to be copied or dropped. Autovacuum's, which only a superuser may end and
which `WITH (FORCE)` would fail over, make room by themselves."""
