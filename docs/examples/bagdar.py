"""A client of the Bağdar API in one file: Python 3.11 or later, nothing to install.

    portal = Bagdar("https://HOST", lang="en")
    for kpi in portal.kpis(programme="almaty-2025"):
        print(kpi["id"], kpi["name"])

Figures are int or Decimal, digit for digit as the portal has them. A problem is raised as `ProblemError`.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, TypedDict, cast
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

Number = Decimal | int
Parameter = str | int | list[str]
"""The value of a parameter; a list where it may be repeated."""


class Kpi(TypedDict):
    """A promise. `baseline_period` is a year, or a part of one: `2024-Q3`."""

    id: str
    programme: str
    name: str
    indicator: str | None
    breakdown: str
    territory: str | None
    comparator: str
    form: str
    accumulation: str
    baseline_value: Number | None
    baseline_period: str | None


class Target(TypedDict):
    """What is promised for a period, in the KPI's `form`."""

    id: str
    kpi: str
    period: str
    value: Number
    value_max: Number | None
    is_additional: bool


class Observation(TypedDict):
    """A published figure; None where the source says that it is missing."""

    id: str
    indicator: str
    territory: str
    breakdown: str
    source: str
    period: str
    value: Number | None


class Progress(TypedDict):
    """How a KPI stands in a year and a place; shares, and None with a reason where they cannot be known."""

    id: str
    kpi: str
    territory: str
    year: int
    actual: Number | None
    target: Number | None
    attainment: Number | None
    attainment_reason: str | None
    distance: Number | None
    distance_reason: str | None


class ProblemError(Exception):
    """The portal cannot answer: `problem` is what it says (RFC 9457), with the cure of each flaw."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        flaws = [f"{flaw['field']}: {flaw['detail']} {flaw['cure']}" for flaw in problem["errors"]]
        super().__init__(" ".join(flaws) or problem["detail"])
        self.problem = problem


class Bagdar:
    """A portal; `key`, as its page /account/keys/ shows it, is only needed for what is not public."""

    def __init__(self, url: str, *, lang: str = "en", key: str | None = None) -> None:
        self.root = f"{url.rstrip('/')}/api/v1/"
        self.lang = lang
        self.headers = {"Authorization": f"Api-Key {key}"} if key else {}

    def kpis(self, **filters: Parameter) -> Iterator[Kpi]:
        """The KPIs that pass the filters, such as `programme`."""
        return cast(Iterator[Kpi], self.rows("kpis", **filters))

    def targets(self, **filters: Parameter) -> Iterator[Target]:
        """The targets that pass the filters, such as `in_force_on`."""
        return cast(Iterator[Target], self.rows("targets", **filters))

    def observations(self, **filters: Parameter) -> Iterator[Observation]:
        """The figures that pass the filters, such as `indicator` and `territory`."""
        return cast(Iterator[Observation], self.rows("observations", **filters))

    def progress(self, **filters: Parameter) -> Iterator[Progress]:
        """The progress that passes the filters, such as `kpi`."""
        return cast(Iterator[Progress], self.rows("progress", **filters))

    def rows(self, name: str, **parameters: Parameter) -> Iterator[Mapping[str, Any]]:
        """Every row of any list, fetched page by page."""
        address: str | None = self._address(name, {"limit": 1000, **parameters})
        while address:
            with self._open(address) as answer:
                page = json.load(answer, parse_float=Decimal)
            yield from page["results"]
            address = page["next"]

    def row(self, name: str, code: str, **parameters: Parameter) -> Mapping[str, Any]:
        """One row of a list by its id or code."""
        with self._open(self._address(f"{name}/{code}", parameters)) as answer:
            return cast(Mapping[str, Any], json.load(answer, parse_float=Decimal))

    def download(self, name: str, path: Path, **parameters: Parameter) -> None:
        """Writes a whole list as CSV into a file."""
        whole = {**parameters, "format": "csv", "limit": "all"}
        with self._open(self._address(name, whole)) as answer, path.open("wb") as file:
            shutil.copyfileobj(answer, file)

    def _address(self, name: str, parameters: Mapping[str, Parameter]) -> str:
        return f"{self.root}{name}/?{urlencode({'lang': self.lang, **parameters}, doseq=True)}"

    def _open(self, address: str) -> Any:
        try:
            return urlopen(Request(address, headers=self.headers))
        except HTTPError as error:
            if error.headers.get_content_type() != "application/problem+json":
                raise
            raise ProblemError(json.load(error)) from error
