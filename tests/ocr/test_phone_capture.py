"""From the code on the kiosk to the fields of the form: the page in a real Chromium, whose camera sees a licence."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from common.clock import SystemClock
from common.settings import Settings
from common.wire import cases as wire
from common.wire.capture import AskCapture
from common.wire.cases import EvidenceKind, EvidenceOrigin, EvidenceView, FieldSource, FormEntry
from ocr.client import GuideClient
from ocr.reader import DocumentReader
from server.edge.capture import page
from server.guidance import GuidanceDesk
from tests.fakes.counter import Counter, new_key, seeded
from tests.ocr.conftest import TODAY
from tests.server.edge.browser import BINARY, Browser
from tests.server.edge.harness import Bank, Server
from tools.camera import photograph
from tools.specimens.catalogue import draw
from ui.teller_app.entries import reading_entries

SEED = 3
CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
pytestmark = pytest.mark.skipif(BINARY is None, reason="no browser here: apt install chromium")


@pytest.fixture(scope="module")
def photo() -> bytes:
    """The licence on a table, as a camera of 1280 x 960 sees it."""
    taken = Image.open(io.BytesIO(photograph(draw("business_licence", "front", SEED).image, SEED, 0)))
    buffer = io.BytesIO()
    taken.convert("RGB").resize((1280, 960)).save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


@dataclass
class Visit:
    """A case at the counter and the browser in the customer's hand."""

    counter: Counter
    browser: Browser
    url: str
    case_id: str

    def open(self) -> None:
        """The teller asks; the customer scans what the kiosk shows."""
        captures, counter = self.counter.services.captures, self.counter
        captures.open(new_key(), counter.teller, self.case_id, AskCapture(kind="licence"))
        link = counter.seen(self.case_id, counter.kiosk).capture
        assert link is not None
        self.browser.go(self.url + link.url.removeprefix(counter.parts.bank.public_url))
        self.browser.wait_for("拍营业执照")

    def newest(self) -> EvidenceView:
        """The picture that came last."""
        return self.counter.seen(self.case_id).evidence[-1]

    def press(self, key: str) -> None:
        """A key of the page, by what has the focus: no mouse is needed."""
        self.browser.evaluate(f"document.getElementById('{key}').focus()")
        for kind in ("keyDown", "keyUp"):
            self.browser.ask("Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", text="\r",
                             windowsVirtualKeyCode=13)  # fmt: skip


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory, photo: bytes) -> Iterator[Visit]:
    """A company's representative at a kiosk, by video; one browser for all tests, for it takes long to start."""
    tmp_path = tmp_path_factory.mktemp("phone")
    camera, bank = tmp_path / "camera.mjpeg", tmp_path / "bank"
    camera.write_bytes(photo * 3)
    bank.mkdir()
    counter = Counter(seeded(bank))
    counter.machine.report()
    case_id = counter.services.opening.open(new_key(), counter.kiosk, wire.OpenCase(scenario="company_opening"))
    counter.desk.answer(case_id)
    guidance = GuidanceDesk(GuideClient(Settings(data_dir=tmp_path)), SystemClock())
    pages = [page.router(counter.services.captures, guidance, SystemClock())]
    server = Server(Bank(), public_routers=pages, stop=guidance.close).start()
    browser = Browser(tmp_path / "profile", *CAMERA, f"--use-file-for-fake-video-capture={camera}")
    yield Visit(counter, browser, server.url, case_id)
    browser.close()
    server.stop()
    counter.close()


def test_the_licence_before_the_phones_camera_fills_the_form(visit: Visit, reader: DocumentReader) -> None:
    counter, browser = visit.counter, visit.browser
    visit.open()
    visit.press("open")
    said = browser.wait_for("拍得清楚")  # taken by itself, when nothing stood against it
    assert "交给柜员" in said
    assert browser.evaluate("document.activeElement.id") == "hand_in"
    outline = browser.evaluate("[outline.getAttribute('class'), outline.getAttribute('points').split(' ').length]")
    assert outline == ["good", 4], "what the guide saw was drawn into the live picture"
    visit.press("hand_in")
    browser.wait_for("交好了")
    piece = visit.newest()
    assert (piece.kind, piece.origin) == (EvidenceKind.LICENCE, EvidenceOrigin.CUSTOMER_PHONE)
    data, _ = counter.services.lookup.evidence(counter.teller, piece.digest)
    _read_into_the_form(counter, visit.case_id, piece.digest, data, reader)


def _read_into_the_form(counter: Counter, case_id: str, digest: str, data: bytes, reader: DocumentReader) -> None:
    size = Image.open(io.BytesIO(data)).size
    assert size == (1280, 960)
    reading = reader.read(data, today=TODAY)
    entry = reading_entries(counter.seen(case_id), reading, digest, size, EvidenceKind.LICENCE.value)
    assert isinstance(entry, FormEntry)
    counter.services.forms.enter(new_key(), counter.teller, case_id, entry)
    values, truth = counter.seen(case_id).form.values, draw("business_licence", "front", SEED).truth
    for name, said in (("co_code", "credit_code"), ("co_name", "name"), ("co_rep", "representative")):
        value = values[name]
        assert (value.value, value.source, value.evidence) == (truth[said], FieldSource.OCR, digest)


def test_without_a_camera_a_file_does_and_nothing_of_it_travels_but_the_picture(
    visit: Visit, photo: bytes, tmp_path: Path
) -> None:
    """A poor one is told so in words; the customer takes another; in English after one press."""
    counter, browser = visit.counter, visit.browser
    visit.open()
    browser.wait_for("打开相机")
    poor, good = tmp_path / "poor.jpg", tmp_path / "good.jpg"
    whole = Image.open(io.BytesIO(photo))
    exif = Image.Exif()
    exif[0x010F] = "a phone that tells whose it is"
    whole.save(good, "JPEG", quality=92, exif=exif)
    whole.resize((240, 180)).save(poor, "JPEG")
    browser.choose_file("#file", poor)
    browser.wait_for("重拍")
    visit.press("language")
    assert "Take it again" in browser.wait_for("Hand it in as it is")
    browser.choose_file("#file", good)
    browser.wait_for("The photo is clear")
    visit.press("hand_in")
    browser.wait_for("Done.")
    piece = visit.newest()
    data, media_type = counter.services.lookup.evidence(counter.teller, piece.digest)
    assert media_type == "image/jpeg"
    assert b"whose it is" not in data
