"""``guitai seal`` against a real server: the administrator sets, a teller only looks, silence is told."""

import httpx
import pytest

from common.credentials import password_from
from common.errors import ServiceError, UserError
from common.wire.registers import RegisterPage, SealPermit
from server import seal_cli
from tests.server.edge.real import RealServer

CENTRE = SealPermit(role="authoriser", branch="*", text="statement", place="centre")


def password(real: RealServer, login: str) -> str:
    return password_from(real.data / "demo-credentials.json", login)


def test_a_permission_is_set_listed_and_registered(real: RealServer) -> None:
    said = seal_cli.permit(real.url, "ADMIN", password(real, "ADMIN"), CENTRE)
    assert any(line.startswith("authoriser") and "centre's seal" in line and line.endswith("ADMIN") for line in said)
    assert seal_cli.permissions(real.url, "T-03", password(real, "T-03")) == said
    with httpx.Client(base_url=f"{real.url}/api/v1", trust_env=False) as http:
        body = {"login": "A-07", "password": password(real, "A-07")}
        token = http.post("/sessions", json=body).raise_for_status().json()["token"]
        answer = http.get("/registers/seals", headers={"Authorization": f"Bearer {token}"})
    newest = RegisterPage.model_validate(answer.raise_for_status().json()).rows[0]
    assert (newest.kind, newest.who, newest.details["place"]) == ("seal.permission", "ADMIN", "centre")


def test_who_may_not_is_told_and_nothing_changes(real: RealServer) -> None:
    with pytest.raises(UserError, match=r"auth.forbidden"):
        seal_cli.permit(real.url, "T-03", password(real, "T-03"), CENTRE)
    with pytest.raises(UserError, match=r"signon.credentials"):
        password(real, "T-99")
    with pytest.raises(ServiceError, match=r"network.unreachable"):
        seal_cli.permissions("http://127.0.0.1:9", "ADMIN", "x")
