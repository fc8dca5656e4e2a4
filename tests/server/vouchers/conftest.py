"""One bank for the whole room: its keys are made once, its typefaces opened once."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from benchmarks.sample_voucher import BANK, BRANCH, SEALED_AT, make_voucher
from server.vouchers.authority import trust_anchor
from server.vouchers.fonts import Faces, system_faces
from server.vouchers.press import VoucherPress
from teller.seals import Place, SealText, seal_for
from teller.vouchers import Voucher

PUBLIC_URL = "http://127.0.0.1:8600"
SEAL = seal_for(SealText.VOUCHER, Place.BRANCH, BANK, BRANCH)


class FixedClock:
    """A clock that stands where it is put."""

    def __init__(self, moment: datetime = SEALED_AT) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()


@pytest.fixture(scope="session")
def faces() -> Iterator[Faces]:
    found = system_faces()
    yield found
    found.close()


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bank")


@pytest.fixture(scope="session")
def press(data_dir: Path, faces: Faces) -> VoucherPress:
    return VoucherPress(data_dir, FixedClock(), PUBLIC_URL, faces=faces)


@pytest.fixture(scope="session")
def anchor(data_dir: Path, press: VoucherPress) -> Path:
    """The bank's certificate, as a stranger would be given it."""
    return trust_anchor(data_dir)


@pytest.fixture(scope="session")
def voucher() -> Voucher:
    return make_voucher()


@pytest.fixture(scope="session")
def sealed(press: VoucherPress, voucher: Voucher) -> bytes:
    return press.issue(voucher, SEAL)


@pytest.fixture
def saved(sealed: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "voucher.pdf"
    path.write_bytes(sealed)
    return path
