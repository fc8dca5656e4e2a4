"""Every route of the real server against every role, by the table in docs/architecture.md."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest

from common.wire.sessions import Role
from tests.fakes.wire import NO_TLS
from tests.server.edge.real import RealServer, sign_on_all

ROLES = (Role.KIOSK, Role.TELLER, Role.AUTHORISER)
SIGNED_ON = frozenset({*ROLES, Role.ADMIN, Role.ENGINEER})
SET_APART = ("admin", "engineer")
"""Roles without a column: named in the row."""
OUTSIDE_THE_TABLE = {("GET", "/metrics"): frozenset({Role.ADMIN})}
PUBLIC: frozenset[Role] = frozenset()

Route = tuple[str, str]


def _shape(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path.partition("?")[0])


def _table(project: Path) -> Iterator[tuple[str, str, str]]:
    """Rows of the table: method, path as written, the cells of the roles and of those set apart joined by a bar."""
    text = (project / "docs" / "architecture.md").read_text(encoding="utf-8")
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != 4 or "/" not in cells[0] or "`" not in cells[0]:
            continue
        method = ""
        for item in re.findall(r"`([^`]*)`", cells[0]):
            given, _, path = item.rpartition(" ")
            method = given or method
            if path.startswith("/"):
                yield method, path, "|".join([*cells[1:], *(one if one in cells[0] else "" for one in SET_APART)])


def allowed_roles(project: Path, routes: set[Route]) -> dict[Route, frozenset[Role]]:
    """What the table says of each route; a path without its beginning is one of ``/cases/{id}``."""
    found = dict(OUTSIDE_THE_TABLE)
    for method, path, cells in _table(project):
        shapes = (_shape(path), _shape("/api/v1" + path), _shape("/api/v1/cases/{id}" + path))
        route = next(((method, shape) for shape in shapes if (method, shape) in routes), (method, path))
        roles = frozenset(
            role for role, cell in zip((*ROLES, Role.ADMIN, Role.ENGINEER), cells.split("|"), strict=True) if cell
        )
        found[route] = PUBLIC if "public" in cells else roles
    found["POST", "/api/v1/sessions"] = PUBLIC
    found["POST", "/api/v1/sessions/refresh"] = found["DELETE", "/api/v1/sessions/current"] = SIGNED_ON
    return found


def operations(real: RealServer) -> dict[Route, str]:
    """Every route of the OpenAPI document, with a path that can be asked."""
    paths = httpx.get(f"{real.url}/openapi.json", verify=NO_TLS).json()["paths"]
    return {
        (method.upper(), _shape(path)): re.sub(r"\{[^}]*\}", "0" * 64, path)
        for path, item in paths.items()
        for method in item
    }


@pytest.fixture(scope="module")
def tokens(real: RealServer) -> Mapping[Role, str]:
    return sign_on_all(real)


def test_the_table_names_every_route(real: RealServer, project: Path) -> None:
    routes = set(operations(real))
    listed = set(allowed_roles(project, routes | {("GET", "/openapi.json")}))
    assert routes - listed == set()
    assert listed - routes == {("GET", "/openapi.json")}


def test_every_route_refuses_whoever_has_no_session_or_the_wrong_role(
    real: RealServer, project: Path, tokens: Mapping[Role, str]
) -> None:
    routes = operations(real)
    allowed = allowed_roles(project, set(routes) | {("GET", "/openapi.json")})
    wrong = []
    with httpx.Client(base_url=real.url, timeout=20, verify=NO_TLS) as http:
        for (method, shape), path in routes.items():
            if allowed[method, shape] == PUBLIC or path.endswith(("/current", "/refresh")):
                continue
            answer = http.request(method, path, json={})
            if (answer.status_code, answer.json().get("code")) != (401, "auth.required"):
                wrong.append((method, shape, "nobody", answer.status_code))
            for role, token in tokens.items():
                headers = {
                    "Authorization": f"Bearer {token}",
                    "Idempotency-Key": "0198c6f0-8a2e-7c11-9d5a-1f2e3d4c5b6a",
                }
                answer = http.request(method, path, json={}, headers=headers)
                forbidden = b'"auth.forbidden"' in answer.content
                if forbidden != (role not in allowed[method, shape]):
                    wrong.append((method, shape, role.value, answer.status_code))
    assert wrong == []
