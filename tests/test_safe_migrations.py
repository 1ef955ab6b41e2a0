"""No migration holds up readers or writers of a large table; and a bad one would be found."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from tests.safe_migrations import BASE, faults, faults_of

pytestmark = pytest.mark.django_db
FIGURE = "observation"


@pytest.fixture
def state() -> ProjectState:
    return MigrationLoader(connection).project_state()


def rules(state: ProjectState, *operations: Operation, atomic: bool = True, source: str = "") -> set[str]:
    """The rules that a migration of figures with these operations breaks."""
    given = {"operations": list(operations), "atomic": atomic}
    migration: migrations.Migration = type("Tried", (migrations.Migration,), given)(
        "9999_tried", "indicators"
    )
    return {fault.rule for fault in faults_of(migration, state, source)}


def test_no_migration_of_the_portal_is_unsafe() -> None:
    assert [str(fault) for fault in faults()] == []


def test_every_app_has_its_base() -> None:
    ours = {app.label for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR}
    assert BASE.keys() == ours
    disk = MigrationLoader(connection).disk_migrations
    for app, number in BASE.items():
        assert any(each == app and int(name[:4]) == number for each, name in disk), (app, number)


def nothing(*args: object) -> None:
    """A data migration."""


INDEX = models.Index(fields=["value"], name="tried")
COLUMN = models.IntegerField(null=True)


@pytest.mark.parametrize(
    ("operation", "rule"),
    [
        (migrations.AddIndex(FIGURE, INDEX), "require-concurrent-index-creation"),
        (migrations.AlterField(FIGURE, "value", models.FloatField()), "changing-column-type"),
        (
            migrations.AlterField(FIGURE, "value", models.DecimalField(max_digits=30, decimal_places=10)),
            "adding-not-nullable-field",
        ),
        (
            migrations.AddField(
                FIGURE, "tried", models.ForeignKey("cities.Territory", models.PROTECT, null=True)
            ),
            "adding-foreign-key-constraint",
        ),
        (
            migrations.AddConstraint(
                FIGURE, models.CheckConstraint(condition=models.Q(value__gt=-1), name="tried")
            ),
            "constraint-missing-not-valid",
        ),
        (migrations.RenameField(FIGURE, "value", "figure"), "renaming-column"),
        (migrations.RunPython(nothing), "no-way-back"),
        (migrations.RunPython(nothing, nothing), "data-in-one-transaction"),
        (migrations.RunSQL("UPDATE indicators_observation SET value = 0", ""), "data-in-one-transaction"),
        (migrations.RunSQL("SELECT 1"), "no-way-back"),
    ],
)
def test_what_would_hold_up_a_large_table_is_found(
    state: ProjectState, operation: Operation, rule: str
) -> None:
    assert rule in rules(state, operation)


def test_data_and_schema_are_changed_apart(state: ProjectState) -> None:
    column = migrations.AddField(FIGURE, "tried", COLUMN)
    assert "data-beside-schema" in rules(state, column, migrations.RunPython(nothing, nothing), atomic=False)


def test_what_holds_up_nobody_is_let_through(state: ProjectState) -> None:
    assert rules(state, migrations.AddField(FIGURE, "tried", COLUMN)) == set()
    assert rules(state, AddIndexConcurrently(FIGURE, INDEX), atomic=False) == set()
    assert rules(state, migrations.RunPython(nothing, nothing), atomic=False) == set()
    new = migrations.CreateModel("Tried", [("id", models.BigAutoField(primary_key=True)), ("x", COLUMN)])
    assert rules(state, new, migrations.AddIndex("Tried", models.Index(fields=["x"], name="tried"))) == set()


def test_an_excuse_needs_a_reason_and_something_to_excuse(state: ProjectState) -> None:
    operation = migrations.AddIndex(FIGURE, INDEX)
    rule = "require-concurrent-index-creation"
    assert rules(state, operation, source=f"# excused {rule}: twenty rows at most") == set()
    assert rules(state, operation, source=f"# excused {rule}:") == {rule}
    assert rules(state, source=f"# excused {rule}: twenty rows at most") == {rule}
