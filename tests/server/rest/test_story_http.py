"""The withdrawal over HTTP with the real PIN unit, the real press and the real demo bank."""

import base64
import contextlib
import io
import json
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psec
import pytest
import zxingcpp
from fastapi.testclient import TestClient
from PIL import Image

from common.challenge import FilmFrame, pack
from common.settings import ServerSettings, Settings
from server import seed
from server.main import build
from server.store.database import Database, sqlite_url
from teller.ledger import bookings
from teller.ledger.chart import Role
from teller.money import Money
from tests.fakes.counter import NOTES, PlainJudge, picture

PERSON = seed.CUSTOMERS[0]
Json = dict[str, Any]


class Seat:
    """Somebody with a session; each command has a key of its own."""

    def __init__(self, client: TestClient, login: str, password: str) -> None:
        self._client = client
        answer = client.post("/api/v1/sessions", json={"login": login, "password": password})
        self._headers = {"Authorization": f"Bearer {answer.json()['token']}"}

    def send(self, method: str, path: str, body: Json | None = None, **more: Any) -> Any:
        headers = {**self._headers, "Idempotency-Key": str(uuid.uuid4()), **more.pop("headers", {})}
        return self._client.request(method, f"/api/v1{path}", json=body, headers=headers, **more)

    def do(self, path: str, body: Json | None = None, *, method: str = "POST") -> Json:
        answer = self.send(method, path, body)
        assert answer.status_code < 300, answer.text
        view: Json = answer.json() if answer.content else {}
        return view

    def show(self, case: str, kind: str) -> str:
        answer = self.send("POST", f"{case}/evidence?kind={kind}", content=picture(kind))
        assert answer.status_code == 201, answer.text
        return next(str(piece["digest"]) for piece in answer.json()["evidence"] if piece["kind"] == kind)


class Bank:
    """The application in this process, with its people."""

    def __init__(self, folder: Path, client: TestClient) -> None:
        self.folder, self.client = folder, client
        self.known = json.loads((folder / seed.CREDENTIALS).read_text(encoding="utf-8"))
        self.kiosk, self.teller, self.authoriser = (self.seat(login) for login in ("K-02", "T-03", "A-07"))
        self.card = self.known["cards"][PERSON.name]

    def seat(self, login: str) -> Seat:
        return Seat(self.client, login, self.known["passwords"][login])

    def pin_block(self, pin: str) -> str:
        """What the machine's PIN pad makes with the key it was sent."""
        block = self.kiosk.send("GET", "/machines/me/pin-key").text
        kek = bytes.fromhex((self.folder / "keys" / "K-02.kek").read_text().strip())
        _, key = psec.tr31.unwrap(kek, block)
        made: bytes = psec.pinblock.encipher_pinblock_iso_4(key, pin, self.card["pan"])
        return base64.b64encode(made).decode()

    def submitted(self, amount: str) -> str:
        """Up to the customer's confirmation; the case's path."""
        self.kiosk.do("/machines/me/report", {"devices": [], "notes": NOTES}, method="PUT")
        case = f"/cases/{self.kiosk.do('/cases', {'scenario': 'cash_withdrawal'})['id']}"
        self.kiosk.do(f"{case}/card", {"track2": self.card["track2"]})
        self.teller.do(f"{case}/take")
        for kind in ("id_front", "id_back"):
            self.teller.do(f"{case}/prompt", {"step": f"lay_{kind}"})
            self.kiosk.show(case, kind)
        values = {
            "name": PERSON.name, "sex": PERSON.sex, "nation": PERSON.nation, "birth": PERSON.birth.isoformat(),
            "address": PERSON.address, "id_number": PERSON.id_number, "authority": "云溪市公安局青禾分局",
            "valid_from": "2016-05-20", "valid_to": "2036-05-20", "amount": amount,
        }  # fmt: skip
        fields = {name: {"value": value, "source": "ocr"} for name, value in values.items()}
        version = self.teller.send("GET", case).json()["version"]
        self.teller.do(f"{case}/form", {"version": version, "fields": fields}, method="PUT")
        self.teller.do(f"{case}/prompt", {"step": "face_consent"})
        self.kiosk.do(f"{case}/face-consent", {"granted": True, "text": "1"})
        portrait, live = self.teller.show(case, "portrait"), self.teller.show(case, "live_frame")
        done = [{"gesture": "nod", "outcome": "done", "ms": 900}]
        self.teller.do(f"{case}/liveness-challenge", {"gestures": 3})
        self.teller.do(f"{case}/liveness", {"passed": True, "steps": done, "findings": [], "frames": []})
        film = pack([FilmFrame(0, "liveness.nod", picture("a film"))])
        assert self.kiosk.send("POST", f"{case}/liveness-film", content=film).status_code == 200
        match = {"portrait": portrait, "live": live, "score": 91.5, "threshold": 80, "same": True, "model": "m"}
        version = self.teller.do(f"{case}/face-match", match)["version"]
        self.teller.do(f"{case}/submit", {"version": version})
        return case

    def consented(self, case: str) -> None:
        digest = self.kiosk.send("GET", case).json()["summary"]["digest"]
        self.kiosk.do(f"{case}/confirmation", {"digest": digest, "accepted": True})
        self.kiosk.do(f"{case}/pin", {"pin_block": self.pin_block(self.card["pin"]), "format": "iso4"})
        self.kiosk.send("POST", f"{case}/evidence?kind=face_check", content=picture("who signs"))
        until = time.monotonic() + 20
        while self.kiosk.send("GET", case).json()["customer_step"] != "sign":
            assert time.monotonic() < until, "the server looks who signs"
        strokes = [[{"x": 10.0, "y": 10.0, "t": 0}, {"x": 60.0, "y": 30.0, "t": 90}]]
        self.kiosk.do(f"{case}/signature", {"digest": digest, "width": 200, "height": 90, "strokes": strokes})


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    folder = tmp_path_factory.mktemp("bank")
    with TestClient(build(Settings(data_dir=folder), seed_demo=True, judge=PlainJudge())) as client:
        yield Bank(folder, client)


def paid_out(bank: Bank) -> tuple[str, Json]:
    """A withdrawal of 5,000 up to its sealed voucher."""
    case = bank.submitted("5000")
    bank.consented(case)
    movement = bank.teller.do(f"{case}/execute")["cash"]["movement_id"]
    bank.kiosk.do(f"{case}/card/state", {"state": "taken"})
    bank.kiosk.do(f"{case}/cash/moving", {"movement_id": movement, "counts_before": {"C1": 400}})
    outcome = {"movement_id": movement, "known": True, "taken": {"100": 50}}
    return case, bank.kiosk.do(f"{case}/cash/outcome", outcome)


def test_a_withdrawal_over_http(bank: Bank) -> None:
    kiosk, teller = bank.kiosk, bank.teller
    case, view = paid_out(bank)
    assert (view["customer_step"], view["voucher"]["printed"]) == ("take_receipt", False)
    pdf = teller.send("GET", f"{case}/voucher")
    assert (pdf.headers["content-type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert any("5,000.00" in line for line in kiosk.send("GET", f"{case}/receipt").json())
    kiosk.do(f"{case}/receipt", {"printed": True})
    assert kiosk.do(f"{case}/rating", {"stars": 5})["customer_step"] == "goodbye"
    cash = teller.send("GET", "/machines/K-02/cash").json()
    assert (cash["clearing"]["minor"], cash["counters"]["minor"] - cash["books"]["minor"]) == (0, 500_000)
    assert teller.send("GET", "/desk").json()["served"] == 1


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    """A bank of its own, for what happens after a visit."""
    folder = tmp_path_factory.mktemp("archive")
    settings = Settings(data_dir=folder, server=ServerSettings(public_url="https://counter.example/bank"))
    with TestClient(build(settings, public_url="http://127.0.0.1:1", seed_demo=True, judge=PlainJudge())) as client:
        yield Bank(folder, client)


@pytest.fixture
def paper(archive: Bank) -> tuple[str, Json]:
    """A visit that is over: its case and voucher."""
    case, view = paid_out(archive)
    archive.kiosk.do(f"{case}/receipt", {"printed": True})
    archive.kiosk.do(f"{case}/rating", {"stars": 5})
    return case, view["voucher"]


def test_the_voucher_afterwards_pages_copy_void_and_what_the_public_sees(
    archive: Bank, paper: tuple[str, Json]
) -> None:
    bank, (case, voucher) = archive, paper
    page, teller, other = f"/verify/{voucher['code']}", bank.teller, bank.seat("T-05")
    first = teller.send("GET", f"{case}/voucher").content
    assert teller.send("GET", f"{case}/voucher/pages").json() == {"count": 1}
    assert teller.send("GET", f"{case}/voucher/pages/1?width=300").content[:8] == b"\x89PNG\r\n\x1a\n"
    assert teller.send("GET", f"{case}/voucher/pages/2").json()["code"] == "page.not_found"
    copies = teller.do(f"{case}/voucher/reprint", {"reason": "asked_for"})["voucher"]["copies"]
    assert [(copy["kind"], copy["ordinal"]) for copy in copies] == [("reprint", 1)]
    copy = teller.send("GET", f"{case}/voucher/copies/1").content
    for file, words in ((first, "byte for byte"), (copy, "archived reprint 1"), (first[:-1] + b"X", "was altered")):
        assert words in bank.client.post(page, files={"file": ("v.pdf", file, "application/pdf")}).text
    shown = bank.client.get(page).text
    assert "顾*枝" in shown
    assert "5,000.00" not in shown
    assert teller.send("POST", f"{case}/voucher/void", {"reason": "wrong"}).json()["code"] == "voucher.own_case"
    assert other.do(f"{case}/voucher/void", {"reason": "wrong"})["voucher"]["void"] is True
    assert "This voucher is VOID" in bank.client.get(page).text
    assert teller.send("GET", f"{case}/voucher").content != first


def test_the_code_on_a_voucher_leads_where_the_bank_says_people_reach_it(
    archive: Bank, paper: tuple[str, Json]
) -> None:
    case, voucher = paper
    page = Image.open(io.BytesIO(archive.teller.send("GET", f"{case}/voucher/pages/1?width=1400").content))
    said = [found.text for found in zxingcpp.read_barcodes(page)]
    assert f"https://counter.example/bank/verify/{voucher['code']}" in said


def test_registers_and_permission_to_seal(archive: Bank, paper: tuple[str, Json]) -> None:
    (case, voucher), teller, admin = paper, archive.teller, archive.seat("ADMIN")
    number = voucher["number"]
    rows = teller.send("GET", f"/registers/seals?q={number}").json()["rows"]
    assert [(row["kind"], row["who"], row["subject"]) for row in rows] == [("seal.used", "T-03", number)]
    for form, begins in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        file = teller.send("GET", f"/registers/seals/export?form={form}")
        assert file.content.startswith(begins)
        assert file.headers["content-disposition"] == f'attachment; filename="seals.{form}"'
    item = {"item": "ukey", "act": "received", "first": "UK0001", "last": "UK0100"}
    assert teller.do("/registers/items", item)["details"]["count"] == 100
    assert teller.send("POST", "/registers/items", {**item, "last": "UK"}).json()["code"] == "register.bad_serials"
    centre = {"role": "teller", "branch": "*", "text": "reprint", "place": "centre"}
    assert teller.send("PUT", "/seals/permissions", centre).status_code == 403
    assert admin.do("/seals/permissions", centre, method="PUT")
    teller.do(f"{case}/voucher/reprint", {"reason": "asked_for"})
    newest = admin.send("GET", "/registers/seals").json()["rows"][0]
    assert (newest["details"]["place"], newest["details"]["owner"]) == ("centre", "运营中心")


def test_refusals_are_problem_documents(bank: Bank) -> None:
    missing = bank.teller.send("GET", f"/cases/{uuid.UUID(int=9)}")
    assert (missing.status_code, missing.json()["code"]) == (404, "case.not_found")
    assert bank.authoriser.send("POST", "/cases", {"scenario": "cash_deposit"}).status_code == 403
    no_key = bank.kiosk.send("POST", "/cases", {"scenario": "cash_deposit"}, headers={"Idempotency-Key": ""})
    assert no_key.status_code in (400, 422)
    extra = bank.kiosk.send("POST", "/cases", {"scenario": "cash_deposit", "discount": 1})
    assert (extra.status_code, extra.json()["code"]) == (422, "request.invalid")


def test_the_demo_secrets_are_private_and_kept(bank: Bank) -> None:
    file = bank.folder / seed.CREDENTIALS
    assert file.stat().st_mode & 0o777 == 0o600
    assert set(bank.known["passwords"]) == {"T-03", "T-05", "A-07", "A-11", "E-01", "E-02", "K-02", "ADMIN"}
    before = file.read_bytes()
    with TestClient(build(Settings(data_dir=bank.folder), seed_demo=True)) as again:
        assert file.read_bytes() == before
        assert Seat(again, "A-11", bank.known["passwords"]["A-11"]).send("GET", "/tasks/desk").status_code == 200


def test_what_is_short_is_proposed_by_one_and_closed_by_another(bank: Bank) -> None:
    with contextlib.closing(Database(sqlite_url(bank.folder))) as database, database.write() as unit:
        unit.ledger.open_account(Role.CASH_SHORT, "K-02")
        unit.ledger.open_account(Role.MACHINE_CASH, "K-02")
        stamp = bookings.Stamp(uuid.uuid4(), datetime.now(UTC), date(2026, 11, 22))
        unit.ledger.post(bookings.count_short(stamp, "K-02", Money(30_000)))
    body = {"amount": 30_000, "way": "vault", "reason": "counted_at_machine"}
    closing = bank.teller.do("/suspense/differences/1221%3AK-02/closings", body)
    (seen,) = bank.authoriser.send("GET", "/suspense/differences").json()
    assert (seen["account"], seen["amount"]["minor"], seen["closing"]["id"]) == ("1221:K-02", 30_000, closing["id"])
    decision = f"/suspense/closings/{closing['id']}/decision"
    assert bank.teller.send("POST", decision, {"approved": True}).status_code == 403
    assert bank.authoriser.do(decision, {"approved": True})["state"] == "approved"
    assert bank.teller.send("GET", "/suspense/differences").json() == []
