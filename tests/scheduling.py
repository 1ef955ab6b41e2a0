"""Which tests run in one process, after one another, when several processes share them (`pytest -n`)."""

from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/browser/", "tests/hosts/")
"""Folders whose tests share a running portal, servers, or a Redis database."""
FILE_BY_FILE = "tests/deploy/"
"""Its files have servers and databases of their own."""


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Every other test goes to whichever process is free."""

    def _split_scope(self, nodeid: str) -> str:
        for folder in TOGETHER:
            if nodeid.startswith(folder):
                return folder
        return nodeid.partition("::")[0] if nodeid.startswith(FILE_BY_FILE) else nodeid
