"""Back-ups: the database and the uploaded files of one moment, in one file (docs/reliability.md).

The file is a tar archive, sealed with age where recipients are named. In it, in this order:

    bagdar-backup               the number of this format
    media/...                   the uploaded files
    database/rest.dump.000000   what `pg_dump --format=custom` wrote, in pieces: all but the results
    database/results.dump...    the tables of results, which recomputing exchanges
    checksums.txt               as `sha256sum` writes and checks them
    manifest-<SHA-256>.json     what is in it, named by its own checksum

Everything is read and written as a stream.
"""


class BackupError(Exception):
    """One sentence that says what is wrong and what to do about it."""
