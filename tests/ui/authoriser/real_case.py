"""A real server and a withdrawal that a teller has submitted there, over HTTP as their windows do it."""

import uuid
from contextlib import closing
from typing import Any

import httpx

from tests.fakes.wire import NO_TLS
from tests.server.edge.real import RealServer, sign_on
from tests.ui.authoriser.world import PICTURES
from tools.demo_people import CUSTOMER

AMOUNT = "20000.00"


class Person:
    """Somebody at the wire."""

    def __init__(self, server: RealServer, login: str) -> None:
        headers = {"Authorization": f"Bearer {sign_on(server, login)}"}
        self.http = httpx.Client(base_url=f"{server.url}/api/v1", headers=headers, timeout=20, verify=NO_TLS)

    def say(self, method: str, path: str, **parts: Any) -> dict[str, Any]:
        """A command; what it was answered with."""
        headers = {"Idempotency-Key": str(uuid.uuid4()), **parts.pop("headers", {})}
        answer = self.http.request(method, path, headers=headers, **parts)
        assert answer.is_success, (path, answer.text)
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found

    def close(self) -> None:
        """Hang up."""
        self.http.close()

    def show(self, case_id: str, kind: str) -> dict[str, Any]:
        """Store a picture."""
        path = f"/cases/{case_id}/evidence?kind={kind}"
        return self.say("POST", path, content=PICTURES[kind], headers={"Content-Type": "image/png"})


def submitted(server: RealServer, track2: str) -> str:
    """A case above the teller's limit, submitted; its id."""
    with closing(Person(server, "K-02")) as kiosk, closing(Person(server, "T-03")) as teller:
        return _submitted(kiosk, teller, track2)


def _submitted(kiosk: Person, teller: Person, track2: str) -> str:
    case_id: str = kiosk.say("POST", "/cases", json={"scenario": "cash_withdrawal", "language": "zh"})["id"]
    path = f"/cases/{case_id}"
    kiosk.say("PUT", "/machines/me/report", json={"devices": [], "notes": {"100": 400}, "held": {}, "units": {}})
    kiosk.say("POST", f"{path}/card", json={"track2": track2})
    teller.say("POST", f"{path}/take")
    for kind in ("id_front", "id_back"):
        kiosk.show(case_id, kind)
    teller.say("POST", f"{path}/prompt", json={"step": "face_consent"})
    kiosk.say("POST", f"{path}/face-consent", json={"granted": True, "text": "1"})
    teller.show(case_id, "portrait")
    case = teller.show(case_id, "live_frame")
    digests = {piece["kind"]: piece["digest"] for piece in case["evidence"]}
    match = {"portrait": digests["portrait"], "live": digests["live_frame"], "score": 93.5, "threshold": 80.0,
             "same": True, "model": "test"}  # fmt: skip
    case = teller.say("POST", f"{path}/face-match", json=match)
    read = {**CUSTOMER.front(), **CUSTOMER.back()}
    fields: dict[str, Any] = {name: {"value": value, "source": "ocr"} for name, value in read.items()}
    fields["amount"] = {"value": AMOUNT, "source": "typed"}
    case = teller.say("PUT", f"{path}/form", json={"version": case["version"], "fields": fields})
    case = teller.say("POST", f"{path}/submit", json={"version": case["version"], "note": "装修付款"})
    assert case["state"] == "awaiting_authorisation", case["state"]
    return case_id


def state_of(server: RealServer, case_id: str) -> dict[str, Any]:
    """The case as the teller sees it."""
    with closing(Person(server, "T-03")) as teller:
        found: dict[str, Any] = teller.http.get(f"/cases/{case_id}").json()
    return found
