"""The OpenAPI document is true: generated requests never find a bug or an answer that it does not describe."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import response_schema_conformance

from tests.fakes.wire import NO_TLS
from tests.server.edge.harness import bearer
from tests.server.edge.real import RealServer, sign_on


@pytest.fixture(scope="module")
def tokens(real: RealServer) -> list[str]:
    return [sign_on(real, login) for login in ("K-02", "T-03", "A-07")]


def operations(real: RealServer) -> Iterator[Any]:
    """Every route but those that would end our own session."""
    schema = schemathesis.openapi.from_url(f"{real.url}/openapi.json").exclude(path_regex="/sessions")
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        yield found.ok()


def test_generated_requests_are_answered_as_described(real: RealServer, tokens: list[str]) -> None:
    asked = 0
    for operation in operations(real):

        @given(case=operation.as_strategy())
        @settings(max_examples=2, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        def ask(case: Any) -> None:
            nonlocal asked
            for token in tokens:
                answer = case.call(base_url=real.url, headers=bearer(token))
                asked += 1
                assert answer.status_code < 500, (case.as_curl_command(), answer.text)
                case.validate_response(answer, checks=[response_schema_conformance])
                if answer.status_code != 403:
                    break

        ask()
    assert asked > 100


def test_the_document_names_the_scheme(real: RealServer) -> None:
    document = httpx.get(f"{real.url}/openapi.json", verify=NO_TLS).json()
    assert document["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
