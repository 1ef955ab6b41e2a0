"""Whatever a client sends, it hears what the description says that it may hear, and never a 500.

As many requests are tried of each operation as FUZZING_EXAMPLES says, beside those that go to the edges of
each parameter; half of them name rows that exist, so that not all end at the first unknown code.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import schemathesis
from django.conf import settings as portal
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import ENDPOINTS
from tests.examples import examples

PRIVATE = ("uploads", "recomputations", "reports", "entries", "reporting-forms", "papers")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
KNOWN = {
    "programme": "test-programme", "kpi": ENDPOINTS["kpis"], "territory": "test-city", "within": "test-land",
    "indicator": "test-indicator", "source": "test-source", "unit": "TEST_UNIT", "group": "test-towns",
    "as_of": "2024-01-01", "updated_after": "2026-01-01T00:00:00Z", "limit": 1,
}  # fmt: skip
MEANT = {"format", "lang", *KNOWN}
TOKEN = "a" * 32

schema = schemathesis.openapi.from_path(str(portal.BASE_DIR / "docs" / "openapi.yaml"))
schema.config.generation.with_security_parameters = False
schema.config.phases.coverage.unexpected_methods = {"OPTIONS", "DELETE"}


@schema.hook
def flatmap_path_parameters(context: Any, path_parameters: Mapping[str, Any] | None) -> Any:
    """The address that was made up, or that of a row that exists."""
    name = context.operation.path.split("/")[3]
    known = {part: ENDPOINTS.get(name, value) for part, value in (path_parameters or {}).items()}
    return st.sampled_from([path_parameters, known])


@schema.hook
def flatmap_query(context: Any, query: Mapping[str, Any] | None) -> Any:
    """The parameters that were made up, or the same ones with values that mean something."""
    known = {name: KNOWN.get(name, value) for name, value in (query or {}).items() if name in MEANT}
    return st.sampled_from([query, known])


@pytest.fixture
def insiders(client_of: Callable[[str], Client]) -> list[dict[str, str]]:
    """The cookies by which the browsers of those are known who may do what others may not."""
    sessions = [client_of(name).cookies["sessionid"].value for name in ("administrator", "analyst")]
    return [{"sessionid": session, "csrftoken": TOKEN} for session in sessions]


@pytest.mark.usefixtures("world")
@schema.parametrize()
@settings(max_examples=examples(5), deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_described(
    case: "schemathesis.Case[Any]", application: WSGIHandler, insiders: list[dict[str, str]]
) -> None:
    """Everybody hears the same of what is public; of the rest an outsider hears less."""
    is_private = case.path.split("/")[3] in PRIVATE
    for sender in ({}, *insiders) if is_private else ({},):
        headers = {"Accept-Encoding": "identity", "X-CSRFToken": TOKEN}
        response = case.call(app=application, headers=headers, cookies=sender)
        case.validate_response(response, checks=CHECKS)
