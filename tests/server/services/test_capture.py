"""A picture from the customer's own phone: what the link admits, and when it is over."""

import asyncio
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from PIL import Image

from common.aio import cancel_and_wait
from common.errors import UserError
from common.wire import cases as wire
from common.wire.capture import AskCapture, CaptureView, LinkState
from common.wire.cases import CustomerStep, EvidenceKind, EvidenceOrigin, FieldSource
from server.edge import http_errors
from server.edge.capture import page
from server.edge.capture.jpeg import larger_than
from server.edge.capture.page import AT_ONCE
from server.edge.metrics import Metrics
from server.edge.middleware import MAX_CAPTURED, MAX_FRAME, HttpEdge
from server.guidance import BURST, GuidanceDesk
from server.services.capture import Wanted
from teller.cases.capture import LINKS, TRIES, comes_by_phone, require_original
from teller.transactions.base import Presence
from tests.fakes.counter import Counter, new_key, picture
from tests.server.services.test_companies import begun, ended

PHOTO = picture("a licence on a kitchen table")


@dataclass
class Guide:
    """Says about every picture what a test tells it to."""

    found: list[str] = field(default_factory=list)
    asked: list[str | None] = field(default_factory=list)

    async def wake(self) -> None:
        """Awake."""

    async def close(self) -> None:
        """Gone."""

    async def look_at_document(self, _picture: bytes, expected: str | None = None) -> Any:
        self.asked.append(expected)
        findings = [SimpleNamespace(code=code, fields=()) for code in self.found]
        return SimpleNamespace(seen=True, good=not findings, findings=findings, outline=None)


@dataclass
class Phone:
    """The customer's browser, at an address."""

    http: TestClient
    guide: Guide

    def hand_in(self, address: str, data: bytes = PHOTO, *, key: str = "", as_is: bool = False) -> Any:
        query = "?as_is=true" if as_is else ""
        headers = {"Idempotency-Key": key or new_key()}
        return self.http.post(f"{address}/picture{query}", content=data, headers=headers)


@pytest.fixture
def phone(counter: Counter) -> Iterator[Phone]:
    guide, app = Guide(), FastAPI()
    http_errors.install(app)
    app.add_middleware(HttpEdge, metrics=Metrics())
    app.include_router(page.router(counter.services.captures, GuidanceDesk(guide, counter.clock), counter.clock))
    with TestClient(app) as http:
        yield Phone(http, guide)


def asked(counter: Counter, case_id: str, kind: str = "licence") -> str:
    """The teller asks for a picture; the path of the address that the kiosk shows."""
    body = AskCapture.model_validate({"kind": kind})
    counter.services.captures.open(new_key(), counter.teller, case_id, body)
    link = counter.seen(case_id, counter.kiosk).capture
    assert link is not None
    return link.url.removeprefix(counter.parts.bank.public_url)


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(UserError) as raised:
        yield
    assert raised.value.code == code


def link_of(counter: Counter, case_id: str) -> CaptureView:
    seen = counter.seen(case_id).capture
    assert seen is not None
    return seen


def test_the_picture_is_in_the_case_and_says_where_it_was_taken(counter: Counter, phone: Phone) -> None:
    case_id = begun(counter, "company_opening", video=True)
    address = asked(counter, case_id)
    assert re.fullmatch(r"/capture/[A-Za-z0-9_-]{27}", address), "at least 128 bits of it are chance"
    assert counter.seen(case_id).customer_step is CustomerStep.PHONE_CAPTURE
    assert link_of(counter, case_id).url == "", "the kiosk alone shows it"
    assert phone.http.post(f"{address}/look", content=PHOTO).json()["good"] is True
    assert phone.hand_in(address).json() == {"taken": True, "tries_left": TRIES - 1, "look": None}
    seen = counter.seen(case_id)
    (piece,) = (one for one in seen.evidence if one.kind is EvidenceKind.LICENCE)
    assert (piece.origin, piece.by) == (EvidenceOrigin.CUSTOMER_PHONE, "phone")
    assert counter.services.lookup.evidence(counter.teller, piece.digest)[0] == PHOTO
    assert (seen.customer_step, link_of(counter, case_id).state) == (CustomerStep.TALK, LinkState.USED)
    with counter.database.read() as unit:
        lines = [line for line in unit.registers.of_case(case_id) if line.kind.startswith("capture.")]
    assert [(line.kind, line.who) for line in lines] == [("capture.opened", "T-03"), ("capture.taken", "phone")]
    assert lines[1].subject == piece.digest


def test_used_it_is_over_but_an_answer_that_got_lost_is_given_again(counter: Counter, phone: Phone) -> None:
    case_id, key = begun(counter, "company_opening", video=True), new_key()
    address = asked(counter, case_id)
    first = phone.hand_in(address, key=key).json()
    assert phone.hand_in(address, key=key).json() == first
    again = phone.hand_in(address, picture("another"))
    assert (again.status_code, again.json()["code"], again.json()["params"]) == (410, "capture.over", {"state": "used"})
    assert phone.http.post(f"{address}/look", content=PHOTO).status_code == 410
    gone = phone.http.get(address)
    assert (gone.status_code, 'data-state="used"' in gone.text) == (410, True)
    assert len([one for one in counter.seen(case_id).evidence if one.kind is EvidenceKind.LICENCE]) == 1


@pytest.mark.parametrize("way", ["time", "taken back", "asked for something else", "a newer link", "the case ended"])
def test_a_link_dies(counter: Counter, phone: Phone, way: str) -> None:
    case_id = begun(counter, "company_opening", video=True)
    address, states = asked(counter, case_id), {"time": "expired"}
    if way == "time":
        counter.clock.pass_(600)
        assert link_of(counter, case_id).state is LinkState.EXPIRED
    elif way == "taken back":
        counter.services.captures.take_back(new_key(), counter.teller, case_id)
        assert counter.seen(case_id).customer_step is CustomerStep.TALK
    elif way == "asked for something else":
        counter.desk.prompt(case_id, CustomerStep.LAY_LICENCE)
    elif way == "a newer link":
        assert asked(counter, case_id) != address
    else:
        ended(counter, case_id)
    answer = phone.hand_in(address)
    assert (answer.status_code, answer.json()["params"]["state"]) == (410, states.get(way, "taken_back"))
    assert phone.http.get(address).status_code == 410
    assert all(one.kind is not EvidenceKind.LICENCE for one in counter.seen(case_id).evidence)


def test_only_papers_that_identify_nobody_and_only_of_a_customer_who_is_elsewhere(counter: Counter) -> None:
    both = ("id_front", "id_back", "household_page", "licence")
    by_phone = {kind for kind in EvidenceKind if comes_by_phone(kind, both, Presence.REMOTE)}
    assert by_phone == {EvidenceKind.LICENCE, EvidenceKind.HOUSEHOLD_PAGE}
    assert not comes_by_phone(EvidenceKind.HOUSEHOLD_PAGE, ("household_page", "party_front"), Presence.REMOTE)
    assert not any(comes_by_phone(kind, both, Presence.ON_SITE) for kind in EvidenceKind)
    case_id = begun(counter, "company_opening", video=True)
    for kind in ("id_front", "id_back", "party_front"):
        with refused("capture.original_needed"):
            asked(counter, case_id, kind)
    with refused("case.not_yours"):
        counter.services.captures.open(new_key(), counter.other, case_id, AskCapture(kind="licence"))


def test_beside_staff_the_original_lies_on_the_glass(counter: Counter) -> None:
    case_id = begun(counter, "company_opening")
    with refused("capture.original_needed"):
        asked(counter, case_id)


def test_a_household_page_from_a_phone_does_not_stand_for_the_child(counter: Counter, phone: Phone) -> None:
    """It came as a paper beside the card; then the teller says that there is no card."""
    body = wire.OpenCase(scenario="personal_opening")
    case_id = counter.services.opening.open(new_key(), counter.kiosk, body)
    counter.desk.answer(case_id)
    assert phone.hand_in(asked(counter, case_id, "household_page")).json()["taken"]
    counter.desk.fill(case_id, FieldSource.TYPED, id_kind="户口簿")
    with counter.database.read() as unit:
        case = unit.cases.get(case_id)
    with refused("evidence.original_needed"):
        require_original(case, EvidenceKind.HOUSEHOLD_PAGE, [kind.value for kind in counter.seen(case_id).papers])


def test_a_poor_picture_is_taken_again_so_many_times(counter: Counter, phone: Phone) -> None:
    case_id = begun(counter, "company_opening", video=True)
    address, phone.guide.found = asked(counter, case_id), ["doc.glare"]
    first = phone.hand_in(address).json()
    assert (first["taken"], first["tries_left"], first["look"]["findings"][0]["code"]) == (False, 7, "doc.glare")
    for left in reversed(range(TRIES - 1)):
        counter.clock.pass_(2)
        assert phone.hand_in(address).json()["tries_left"] == left
    assert phone.hand_in(address).json()["params"] == {"state": "spent"}
    address = asked(counter, case_id)
    assert phone.hand_in(address, as_is=True).json()["taken"], "the customer cannot do better; the teller looks at it"
    assert set(phone.guide.asked) == {"licence"}


def test_a_case_has_so_many_links(counter: Counter) -> None:
    case_id = begun(counter, "company_opening", video=True)
    assert len({asked(counter, case_id) for _ in range(LINKS)}) == LINKS
    with refused("capture.no_more"):
        asked(counter, case_id)


def test_what_is_sent_is_bounded(counter: Counter, phone: Phone) -> None:
    case_id = begun(counter, "company_opening", video=True)
    address = asked(counter, case_id)
    assert phone.http.post(f"{address}/look", content=PHOTO + bytes(MAX_FRAME)).status_code == 413
    assert phone.hand_in(address, PHOTO + bytes(MAX_CAPTURED)).status_code == 413
    for no_photo in (
        b"",
        b"%PDF-1.7",
        b"\x89PNG\r\n\x1a\n",
        b"<svg onload=x>",
        bomb(30_000),
        b"\xff\xd8" + b"\xff" * 999,
    ):
        counter.clock.pass_(2)
        assert phone.hand_in(address, no_photo).json()["code"] == "evidence.not_a_picture"
        assert phone.http.post(f"{address}/look", content=no_photo).json()["code"] == "evidence.not_a_picture"
    counter.clock.pass_(2)
    phone.guide.found = ["image.unreadable"]
    assert phone.hand_in(address, as_is=True).json()["code"] == "evidence.not_a_picture"
    answers = [phone.http.post(f"{address}/look", content=PHOTO).status_code for _ in range(BURST)]
    assert answers[-1] == 429
    assert phone.http.post(f"{address}/picture", content=PHOTO).status_code == 422, "without a key nothing is done"


def bomb(side: int) -> bytes:
    """A JPEG's head: so many lines of so many points, after a table and some padding."""
    size = side.to_bytes(2)
    return b"\xff\xd8\xff\xe0\x00\x04ab\xff\xff\xc4\x00\x02\xff\xc2\x00\x11\x08" + size + size + bytes(12) + b"\xff\xda"


def test_a_jpeg_tells_how_large_it_will_be() -> None:
    made = io.BytesIO()
    Image.new("RGB", (400, 300)).save(made, "JPEG", progressive=True)
    for data, most in ((made.getvalue(), 120_000), (bomb(5_000), 25_000_000)):
        assert (larger_than(data, most - 1), larger_than(data, most)) == (True, False)
    assert not any(larger_than(bomb(5_000)[:cut], 25_000_000) for cut in range(len(bomb(5_000))))
    assert not larger_than(PHOTO, 0), "no decoder makes a picture of that"


def test_a_link_that_is_over_is_written_down_no_more(counter: Counter, phone: Phone) -> None:
    case_id = begun(counter, "company_opening", video=True)
    address, keys = asked(counter, case_id), [new_key() for _ in range(BURST + 2)]
    phone.hand_in(address)
    codes = [phone.hand_in(address, picture(key), key=key).status_code for key in keys]
    assert (codes[0], codes[-1]) == (410, 429), "nor may somebody send as much as he likes"
    with counter.database.read() as unit:
        assert [unit.commands.get(key) for key in keys] == [None] * len(keys)


async def test_so_many_pictures_of_a_link_are_on_their_way_at_once(counter: Counter) -> None:
    wanted = Wanted("link", "case", EvidenceKind.LICENCE, "zh", LinkState.OPEN)
    desk, never = (
        page.Desk(counter.services.captures, GuidanceDesk(None, counter.clock), counter.clock),
        asyncio.Event(),
    )

    async def slow() -> dict[str, object]:
        await never.wait()
        return {}

    waiting = [asyncio.create_task(desk.body(wanted, Request({"type": "http"}, slow))) for _ in range(AT_ONCE)]
    await asyncio.sleep(0)
    counter.clock.pass_(2)
    with pytest.raises(UserError, match=r"document\.too_many"):
        await desk.body(wanted, Request({"type": "http"}, slow))
    for one in waiting:
        await cancel_and_wait(one)
    counter.clock.pass_(2)

    async def quick() -> dict[str, object]:
        return {"type": "http.request", "body": PHOTO}

    assert await desk.body(wanted, Request({"type": "http"}, quick)) == PHOTO


def test_wrong_codes_are_answered_alike_and_ever_more_slowly(counter: Counter, phone: Phone) -> None:
    case_id = begun(counter, "company_opening", video=True)
    address = asked(counter, case_id)
    wrong = ["x", "A" * 27, address.rpartition("/")[2][:-1] + "!", case_id, "..%2Fverify"]
    for code in wrong:
        assert phone.http.get(f"/capture/{code}").status_code == 404
    answers = [phone.hand_in("/capture/" + "B" * 27).status_code for _ in range(20)]
    assert (answers[0], answers[-1]) == (404, 429)
    for _ in range(60):
        phone.http.get("/capture/" + "B" * 27)
    assert phone.http.get(address).status_code == 200, "whoever has a code is not kept waiting for that"


def test_the_page_tells_nothing_and_loads_nothing(counter: Counter, phone: Phone) -> None:
    case_id = begun(counter, "company_opening", video=True)
    answer = phone.http.get(asked(counter, case_id))
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert "http" not in policy
    seen = counter.seen(case_id)
    told = [seen.number, case_id, *(value.value for value in seen.form.values.values() if len(value.value) > 2)]
    assert [one for one in told if one in answer.text] == []
    assert re.findall(r"(?:src|href)=", answer.text) == []
    assert answer.headers["cache-control"] == "no-store"
