"""Real simulated authorities on loopback ports, and a bank that asks them."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.fakes.counter import Counter, copied, seeded
from tools.authorities.main import Authorities
from tools.authorities.register import write_register
from tools.authorities.source import Faults


class World:
    """The authorities with their faults, and the file by which a bank finds them."""

    def __init__(self, folder: Path) -> None:
        portrait = folder / "portrait.png"
        Image.new("RGB", (40, 50), (120, 90, 80)).save(portrait)
        write_register(folder / "register.json", portrait)
        self.portrait = portrait.read_bytes()
        self.authorities = Authorities(folder / "register.json")
        self.authorities.start()
        self.file = folder / "sources.json"
        self.authorities.write(self.file)
        self.well()

    def asked(self, name: str) -> int:
        return self.authorities.sources[name].asked

    def well(self) -> None:
        for source in self.authorities.sources.values():
            source.faults, source.asked = Faults(latency_ms=(0, 1)), 0

    def fault(self, name: str, **faults: Any) -> None:
        """As a person would, over HTTP."""
        token = json.loads(self.file.with_name("faults.json").read_text())
        body = json.dumps({"latency_ms": [0, 1], **faults}).encode()
        request = urllib.request.Request(f"{token['url']}/{name}/faults", body, method="PUT")
        request.add_header("Authorization", f"Bearer {token['token']}")
        with urllib.request.urlopen(request, timeout=5) as answer:
            assert answer.status == 200


@pytest.fixture(scope="session")
def _world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("authorities"))
    yield made
    made.authorities.close()


@pytest.fixture
def world(_world: World) -> World:
    _world.well()
    return _world


@pytest.fixture(scope="session")
def bank_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return seeded(tmp_path_factory.mktemp("bank"))


@pytest.fixture
def bank(bank_template: Path, tmp_path: Path, world: World) -> Iterator[Counter]:
    """A counter whose bank asks the authorities."""
    counter = Counter(copied(bank_template, tmp_path), sources=world.file)
    counter.machine.report()
    yield counter
    counter.close()
