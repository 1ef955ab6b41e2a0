"""What people do while something breaks, and how one sees in the database that it was done once."""

import itertools
import json
import os
import subprocess
import sys
import uuid
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from celery import Celery

from deploy.instance import ROOT, Instance

_numbers = itertools.count(1)
YEARS = range(2022, 2028)
"""Of the programme of which reports are ordered; each is another one."""
FIGURE = """
SELECT indicator.code, territory.code FROM indicators_observation figure
JOIN indicators_series series ON series.id = figure.series_id
JOIN indicators_indicator indicator ON indicator.id = series.indicator_id
JOIN cities_territory territory ON territory.id = series.territory_id
WHERE indicator.frequency = 'A' AND indicator.minimum IS NULL AND territory.level = 'country' LIMIT 1
"""


class Step(ABC):
    """One thing that somebody does; `act` says what he saw, a status or "cut"."""

    name: ClassVar[str]
    table: ClassVar[str] = ""
    """A table that is written in the middle of it."""
    writes_files: ClassVar[bool] = False

    def __init__(self, instance: Instance) -> None:
        self.instance, self.number = instance, next(_numbers)

    def prepare(self) -> None:  # noqa: B027 - some need nothing before
        """What comes before it."""

    @abstractmethod
    def act(self) -> str:
        """Does it; again where it was done in vain."""

    def is_content(self, answer: str) -> bool:
        """Whether a person would leave it at that."""
        return answer in {"200", "201", "302"}

    def is_under_way(self) -> bool:
        """Whether it has begun, where no table tells."""
        return True

    @abstractmethod
    def is_done(self) -> bool:
        """Whether all that follows from it has been done."""

    @abstractmethod
    def fault(self) -> str:
        """What was lost or done twice; nothing if all is well."""

    def count(self, statement: str) -> int:
        return int(self.instance.ask(statement)[0][0])


class Typing(Step):
    """A figure typed into a sheet."""

    name, table = "a figure is typed", "indicators_entry"

    def prepare(self) -> None:
        self.person = self.instance.person("almaty.analyst")
        form = "FROM indicators_reportingform form JOIN indicators_formline line ON line.form_id = form.id"
        [(self.line, self.report), *_rest] = self.instance.ask(
            f"SELECT line.id, place.territory_id {form} JOIN indicators_reportingform_territories place "
            "ON place.reportingform_id = form.id WHERE form.code = 'almaty-2025-annual' "
            f"ORDER BY line.id OFFSET {self.number % 20} LIMIT 1"
        )
        self.value = f"{self.number}.5"
        self.where = f"FROM indicators_entry entry WHERE value = {self.value}"

    def act(self) -> str:
        cell = {"line": self.line, "report": self.report, "value": self.value, "version": 0}
        answer = self.person.post_json("/en/reports/almaty-2025-annual/2024/save/", {"cells": [cell]})
        if answer.status == "200" and not self.is_done():
            return "200, refused"
        return answer.status

    def is_content(self, answer: str) -> bool:
        return answer.startswith("200")

    def is_done(self) -> bool:
        return self.count(f"SELECT count(*) {self.where}") > 0

    def fault(self) -> str:
        return "" if self.count(f"SELECT count(*) {self.where}") == 1 else "typed twice"


class Sending(Step):
    """A file sent in, with a key by which a repetition is known."""

    name, table, writes_files = "a file is sent in", "indicators_upload", True

    def prepare(self) -> None:
        self.person = self.instance.person("analyst")
        [(self.indicator, self.place)] = self.instance.ask(FIGURE)
        self.year, self.key = 1900 + self.number, str(uuid.uuid4())
        row = f"{self.indicator},{self.place},{self.year},{self.number}.25\n"
        self.content = b"INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\n" + row.encode()
        before = self.count("SELECT coalesce(max(id), 0) FROM indicators_upload")
        self.uploads = f"FROM indicators_upload WHERE id > {before}"

    def act(self) -> str:
        fields = {"source": "bureau", "reason": "a trial of faults"}
        headers = {"Idempotency-Key": self.key}
        self.answer = self.person.post_file("/api/v1/uploads/", fields, self.content, **headers)
        return self.answer.status

    def is_done(self) -> bool:
        return self.count(f"SELECT count(*) {self.uploads} AND state = 'previewed'") > 0

    def fault(self) -> str:
        [(count, name)] = self.instance.ask(f"SELECT count(*), min(file) {self.uploads}")
        if count != 1:
            return f"{count} uploads"
        kept = self.instance.var / "media" / str(name)
        return "" if kept.read_bytes() == self.content else "the file is another one"


class Publishing(Sending):
    """What a file changes, published."""

    name, table, writes_files = "it is published", "indicators_observation", False

    def prepare(self) -> None:
        super().prepare()
        super().act()
        while not super().is_done():
            os.sched_yield()
        self.upload = json.loads(self.answer.text)["id"]
        self.confirming = str(uuid.uuid4())

    def act(self) -> str:
        path = f"/api/v1/uploads/{self.upload}/confirm/"
        return self.person.post_json(path, {}, **{"Idempotency-Key": self.confirming}).status

    def is_done(self) -> bool:
        return self.count(f"SELECT count(*) {self.uploads} AND state = 'applied'") > 0

    def fault(self) -> str:
        figure = f"period_start = '{self.year}-01-01' AND value = {self.number}.25"
        values = self.count(f"SELECT count(*) FROM indicators_observation WHERE {figure}")
        revisions = self.count(f"SELECT count(*) FROM indicators_observationrevision WHERE {figure}")
        return "" if (values, revisions) == (1, 1) else f"{values} figures, {revisions} revisions"


class Recomputing(Step):
    """Everything is recomputed."""

    name, table = "everything is recomputed", "programmes_kpi"
    ROWS = "SELECT count(*) FROM programmes_progress"

    def prepare(self) -> None:
        self.rows = self.count(self.ROWS)
        self.before = self.count("SELECT coalesce(max(id), 0) FROM programmes_progressrun")
        self.sent = False

    def act(self) -> str:
        broker = self.instance.environment["REDIS_URL"].replace("unix://", "redis+socket://", 1)
        with Celery(broker=broker.replace("?db=", "?virtual_host=")) as jobs:
            jobs.send_task("programmes.recompute_everything", queue="recompute", ignore_result=True)
        return "200"

    def is_done(self) -> bool:
        where = f"WHERE id > {self.before} AND state = 'done'"
        return self.count(f"SELECT count(*) FROM programmes_progressrun {where}") > 0

    def fault(self) -> str:
        runs = self.count(f"SELECT count(*) FROM programmes_progressrun WHERE id > {self.before}")
        left = self.count("SELECT count(*) FROM pg_tables WHERE tablename = 'programmes_progress_next'")
        found = (runs, left, self.count(self.ROWS))
        return "" if found == (1, 0, self.rows) else f"runs, tables left, rows: {found}"


class Ordering(Step):
    """A report is ordered and made."""

    name, table, writes_files = "a paper is made", "papers_paperfile", True

    def prepare(self) -> None:
        self.person = self.instance.person("analyst")
        self.before = self.count("SELECT coalesce(max(id), 0) FROM papers_paper")
        years = [(first, last) for last in YEARS for first in YEARS if first <= last]
        self.first, self.last = years[self.number % len(years)]

    def act(self) -> str:
        years = {"first_year": str(self.first), "last_year": str(self.last), "programme": "almaty-2025"}
        return self.person.post_form("/en/papers/new/programme/", {**years, "language": "en"}).status

    def is_content(self, answer: str) -> bool:
        return answer == "302"

    def is_done(self) -> bool:
        where = f"WHERE id > {self.before} AND state = 'ready'"
        return self.count(f"SELECT count(*) FROM papers_paper {where}") > 0

    def fault(self) -> str:
        papers = self.count(f"SELECT count(*) FROM papers_paper WHERE id > {self.before}")
        files = self.instance.ask(f"SELECT file, format FROM papers_paperfile WHERE paper_id > {self.before}")
        lost = [name for name, _format in files if not (self.instance.var / "media" / name).exists()]
        twice = len(files) - len({kind for _name, kind in files})
        return (
            "" if (papers, lost, twice) == (1, [], 0) and files else f"{papers} papers, {lost}, {twice} twice"
        )


class BackingUp(Step):
    """A back-up is made."""

    name = "a back-up is made"

    def prepare(self) -> None:
        self.folder = self.instance.var / f"backups-{self.number}"

    def act(self) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", "backup", "--to", str(self.folder)],
            cwd=ROOT, env=self.instance.environment, check=False, capture_output=True,
        )  # fmt: skip
        return f"exit code {done.returncode}"

    def is_content(self, answer: str) -> bool:
        return answer == "exit code 0"

    def is_under_way(self) -> bool:
        return any(self.folder.glob(".unfinished-*"))

    def is_done(self) -> bool:
        return True

    def fault(self) -> str:
        found = sorted(path.name for path in Path(self.folder).iterdir())
        return "" if len(found) == 1 and found[0].startswith("bagdar-") else f"in the folder: {found}"


STEPS: tuple[type[Step], ...] = (Typing, Sending, Publishing, Recomputing, Ordering, BackingUp)
