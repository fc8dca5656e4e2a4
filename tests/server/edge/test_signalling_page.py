"""docs/signalling.md describes every message, and its examples are messages."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest

from common.wire import signalling
from common.wire.signalling import decode_from_client, decode_from_server
from server.edge.connection import CloseCode
from server.edge.timings import Timings


@pytest.fixture(scope="module")
def page() -> str:
    return (Path(__file__).resolve().parents[3] / "docs" / "signalling.md").read_text(encoding="utf-8")


def types_of(union: Any) -> set[str]:
    return {message.model_fields["type"].default for message in get_args(get_args(union)[0])}


def section(page: str, title: str) -> str:
    found = re.search(rf"^## {title}\n(.*?)(?=^## )", page, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("title", "union", "decode"),
    [
        ("Messages of a client", signalling.FromClient, decode_from_client),
        ("Messages of the server", signalling.FromServer, decode_from_server),
    ],
)
def test_every_message_has_a_heading_and_an_example_that_parses(page: str, title: str, union: Any, decode: Any) -> None:
    text = section(page, title)
    examples = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    shown = {decode(example).message.type for example in examples}
    headed = {name for heading in re.findall(r"^### (.*)$", text, re.MULTILINE) for name in heading.split(" and ")}
    assert shown == headed == types_of(union)


def test_an_example_shows_every_member(page: str) -> None:
    for union, decode, title in (
        (signalling.FromClient, decode_from_client, "Messages of a client"),
        (signalling.FromServer, decode_from_server, "Messages of the server"),
    ):
        examples = [decode(one).message for one in re.findall(r"```json\n(.*?)```", section(page, title), re.DOTALL)]
        for kind in get_args(get_args(union)[0]):
            mine = [one for one in examples if isinstance(one, kind)]
            shown = set().union(*(one.model_fields_set for one in mine)) | {"type", "sender"}
            assert set(kind.model_fields) <= shown | {"sdp_mid", "sdp_m_line_index"}, kind


def test_close_and_refusal_codes_are_explained(page: str) -> None:
    closes = section(page, "Close codes")
    assert all(str(int(code)) in closes for code in CloseCode)
    room = Path(__file__).resolve().parents[3]
    sources = [room / "common/wire/signalling.py", *(room / "server/edge").glob("*.py")]
    raised = {
        code
        for source in sources
        for code in re.findall(r'"((?:signalling|call|presence)\.[a-z_]+)"', source.read_text(encoding="utf-8"))
    }
    codes = raised - types_of(signalling.FromServer) - types_of(signalling.FromClient)
    assert {code for code in codes if f"`{code}`" not in section(page, "Refusal codes")} == set()


def test_the_limits_are_those_of_the_server(page: str) -> None:
    limits, now = section(page, "Limits"), Timings()
    assert f"| {now.frames_per_second:.0f} a second, {now.frames_burst} at once |" in limits
    assert f"| {now.send_queue};" in limits
    assert f"| ring | {now.ring_s:.0f} s" in limits
    assert f"away from a call | {now.call_grace_s:.0f} s" in limits
    assert f"away from a task | {now.task_grace_s:.0f} s" in limits
    assert f"| first frame | within {now.hello_s:.0f} s" in limits
    assert f"| silence | {now.silent_s:.0f} s" in limits
