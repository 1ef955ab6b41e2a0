"""Finds migrations that would hold up a portal with many rows; how to write others: docs/migrations.md.

The statements of each migration that is newer than `BASE` are read by squawk; what only its Python tells is
read here. Every find is an error unless the file excuses it, on a line of its own and with the reason:

    # excused adding-foreign-key-constraint: the table has twenty rows
"""

import importlib
import inspect
import json
import re
import subprocess
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.db.migrations import Migration, RunPython, RunSQL, SeparateDatabaseAndState
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

BASE = {
    "accounts": 8, "cities": 2, "common": 1, "indicators": 14, "papers": 2, "portal": 8, "programmes": 9,
}  # fmt: skip
"""The last migration of each app that ran before there was anything to hold up."""

NOT_OURS = (
    "transaction-nesting",  # Django's own BEGIN and COMMIT
    "prefer-robust-stmts",  # Django knows what it has run
    "prefer-bigint-over-int", "prefer-bigint-over-smallint",  # decided with the model
    "prefer-text-field", "prefer-identity",  # that too
    "require-lock-timeout", "require-statement-timeout",  # `manage.py migrate` sets them for every migration
)  # fmt: skip
EXCUSE = re.compile(r"^\s*# excused ([a-z-]+): (\S.{9,})$", re.MULTILINE)
WRITING = re.compile(
    r"\b(UPDATE\s+\S+\s+SET|DELETE\s+FROM|INSERT\s+INTO\s+\S+[^;]*?\bSELECT)\b", re.IGNORECASE
)
NO_WAY_BACK = "no-way-back"
IN_ONE_TRANSACTION = "data-in-one-transaction"
MIXED = "data-beside-schema"


@dataclass(frozen=True)
class Fault:
    """What a migration does that it should not."""

    migration: str
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.migration}: {self.rule}: {self.message}"


def faults() -> list[Fault]:
    """Those of all migrations that are newer than `BASE`."""
    loader = MigrationLoader(connection)
    found: list[Fault] = []
    for app, name in sorted(loader.disk_migrations):
        if app in BASE and int(name[:4]) > BASE[app]:
            migration = loader.graph.nodes[app, name]
            parents = [parent.key for parent in loader.graph.node_map[app, name].parents]
            state = loader.project_state(parents) if parents else ProjectState()
            source = Path(inspect.getfile(importlib.import_module(migration.__module__))).read_text()
            found += faults_of(migration, state, source)
    return found


def faults_of(migration: Migration, state: ProjectState, source: str) -> list[Fault]:
    """Those of one migration that its source does not excuse, and excuses that excuse nothing."""
    name = f"{migration.app_label}.{migration.name}"
    found = [
        Fault(name, rule, message) for rule, message in (*_of_python(migration), *_of_sql(migration, state))
    ]
    excused = {rule for rule, _reason in EXCUSE.findall(source)}
    needless = excused - {fault.rule for fault in found}
    return [
        *(fault for fault in found if fault.rule not in excused),
        *(Fault(name, rule, "is excused, and not found") for rule in sorted(needless)),
    ]


def _of_python(migration: Migration) -> Iterator[tuple[str, str]]:
    operations = list(_flat(migration.operations))
    data = [each for each in operations if isinstance(each, RunPython)]
    for each in operations:
        if isinstance(each, RunPython | RunSQL) and not each.reversible:
            yield NO_WAY_BACK, "it cannot be undone; give the reverse, or noop where nothing is to be undone"
    if data and migration.atomic:
        yield IN_ONE_TRANSACTION, "data are changed in batches, each with its own transaction: atomic = False"
    if data and len(data) < len(operations):
        yield MIXED, "data and schema are changed by migrations of their own"


def _flat(operations: Iterable[Operation]) -> Iterator[Operation]:
    for each in operations:
        yield from _flat(each.database_operations) if isinstance(each, SeparateDatabaseAndState) else (each,)


def _of_sql(migration: Migration, state: ProjectState) -> Iterator[tuple[str, str]]:
    statements = sql_of(migration, state)
    if WRITING.search(statements):
        yield IN_ONE_TRANSACTION, "rows are changed by one statement; change them in batches of a RunPython"
    command = [_squawk(), "--reporter=json", "--pg-version=18", f"--exclude={','.join(NOT_OURS)}"]
    command += ["--assume-in-transaction"] if migration.atomic else []
    done = subprocess.run(command, input=statements, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 1} or not done.stdout.strip():
        raise RuntimeError(f"squawk failed: {done.stderr}")
    for each in json.loads(done.stdout):
        yield each["rule_name"], f"{each['message']} {each['help'] or ''}".strip()


def sql_of(migration: Migration, state: ProjectState) -> str:
    """The statements by which the migration would change a database in that state."""
    apart = connection.copy()  # an index that is made concurrently is refused within a transaction
    try:
        with apart.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
            migration.apply(state.clone(), editor, collect_sql=True)
        return "\n".join(editor.collected_sql)
    finally:
        apart.close()


def _squawk() -> str:
    """squawk of this environment, whatever the PATH."""
    return str(Path(sysconfig.get_path("scripts")) / "squawk")
