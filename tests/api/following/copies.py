"""A client that keeps copies of lists, as docs/api/sync.md tells it to."""

from collections.abc import Callable, Mapping
from typing import Any

from django.test import Client

Row = dict[str, Any]


class Copy:
    """A copy of one list, by id."""

    def __init__(self, name: str, filters: Mapping[str, str] | None = None) -> None:
        self.name, self.filters = name, dict(filters or {})
        self.meanwhile: Callable[[], object] = lambda: None
        self.rows: dict[str, Row] = {}
        self.token = ""
        self.downloads = 0

    def download(self, limit: int = 10_000) -> None:
        """The whole list."""
        self.rows, self.downloads = {}, self.downloads + 1
        self._walk({"limit": str(limit), **self.filters})

    def bring_up_to_date(self, limit: int = 10_000) -> None:
        """What has changed since the last time; the whole list where that cannot be told."""
        asked = {"limit": str(limit), **self.filters, "updated_after": self.token}
        if not self.token or not self._walk(asked):
            self.download()

    def _walk(self, asked: dict[str, str]) -> bool:
        address: str | None = f"/api/v1/{self.name}/"
        while address:
            answer = Client().get(address, asked, headers={"Accept-Language": "en"})
            if answer.status_code == 410:
                return False
            assert answer.status_code == 200, answer.content
            page = answer.json()
            self._take_in(page)
            address, asked = page["next"], {}
            self.meanwhile()
        self.token = page["sync"]
        return True

    def _take_in(self, page: Any) -> None:
        for one in page["deleted"]:
            self.rows.pop(one, None)
        replaced = set(page["replaced"])
        if replaced:
            self.rows = {key: row for key, row in self.rows.items() if row["kpi"] not in replaced}
        for row in page["results"]:
            self.rows[row.get("id", row.get("code"))] = row
