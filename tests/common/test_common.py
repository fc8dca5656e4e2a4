"""The common room: settings, logs, asyncio helpers and the wire contract."""

import asyncio
import contextlib
import json
import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import logs, settings
from common.aio import LatestValue, TaskSet, cancel_and_wait
from common.clock import SystemIds
from common.errors import UserError
from common.wire import signalling


def test_settings_come_from_file_then_environment_then_command_line(tmp_path: Path) -> None:
    file = tmp_path / "guitai.toml"
    file.write_text("[server]\nport = 1001\nsession_minutes = 7\n[ui]\nlanguage = 'en'\n")
    loaded = settings.load(file, {"ui": {"theme": "dark"}}, {"GUITAI_SERVER__PORT": "1002", "OTHER": "x"})
    assert (loaded.server.port, loaded.server.session_minutes) == (1002, 7)
    assert (loaded.ui.language, loaded.ui.theme) == ("en", "dark")


@pytest.mark.parametrize("text", ["[server]\nprot = 1", "[server]\nport = 'x'", "[server]\nport = 70000"])
def test_a_wrong_setting_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "guitai.toml"
    file.write_text(text)
    with pytest.raises(UserError) as caught:
        settings.load(file, environment={})
    assert caught.value.code == "settings.invalid"
    assert str(caught.value.params["where"]).startswith("server.p")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"= broken"])
def test_an_unreadable_settings_file_is_said(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "guitai.toml"
    file.write_bytes(content)
    with pytest.raises(UserError, match=r"settings\.unreadable"):
        settings.load(file, environment={})


def test_personal_data_in_logs_is_a_fingerprint(tmp_path: Path) -> None:
    formatter = logs.JsonLines("test")
    record = logging.makeLogRecord({"msg": "read", "pii_id_number": "999999199003070429", "case": "1122-0001"})
    line = json.loads(formatter.format(record))
    assert line["case"] == "1122-0001"
    assert line["pii_id_number"] == logs.fingerprint("999999199003070429") != "999999199003070429"


def test_the_latest_value_drops_what_nobody_took() -> None:
    slot: LatestValue[int] = LatestValue()
    assert slot.take() is None
    slot.put(1)
    slot.put(2)
    assert (slot.take(), slot.take(), slot.peek(), slot.dropped) == (2, None, 2, 1)


async def test_a_task_set_ends_what_it_started() -> None:
    tasks = TaskSet("test")
    running = tasks.spawn(asyncio.Event().wait())
    await tasks.close()
    assert running.cancelled()
    with pytest.raises(RuntimeError):
        tasks.spawn(asyncio.Event().wait())


@pytest.mark.expects_log("background task failed")
async def test_a_failed_background_task_is_logged() -> None:
    async def fail() -> None:
        raise ValueError

    tasks = TaskSet("test")
    task = tasks.spawn(fail())
    await asyncio.wait([task])
    await tasks.close()


@pytest.mark.expects_log("task did not end when cancelled")
async def test_a_task_that_lost_its_cancellation_is_cancelled_again() -> None:
    async def loses(times: int) -> None:
        for _ in range(times):
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.Event().wait()

    once, never = asyncio.create_task(loses(1)), asyncio.create_task(loses(5))
    await asyncio.sleep(0)
    await cancel_and_wait(once, never, again_s=0.01)
    assert (once.done(), never.done()) == (True, False), "who never ends is left behind"
    never.cancel()
    await asyncio.wait([never])


async def test_whoever_ends_tasks_gets_none_of_their_errors() -> None:
    async def fails() -> None:
        raise ValueError

    task = asyncio.create_task(fails())
    await asyncio.sleep(0)
    await cancel_and_wait(task)
    await cancel_and_wait()


def test_ids_sort_by_time() -> None:
    ids = SystemIds()
    made = [ids.new() for _ in range(100)]
    assert made == sorted(made)
    assert {i.version for i in made} == {7}


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_any_frame_is_parsed_or_refused_by_code(frame: str | bytes) -> None:
    try:
        signalling.decode_from_client(frame)
    except UserError as error:
        assert error.code.startswith("signalling.")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda c: st.lists(c) | st.dictionaries(st.text(), c)
    )
)
def test_any_json_is_parsed_or_refused_by_code(value: object) -> None:
    for envelope in (value, {"v": 1, "type": "hello", "payload": value}, {"v": 1, "type": value}):
        try:
            signalling.decode_from_client(json.dumps(envelope))
        except UserError as error:
            assert error.code.startswith("signalling.")


def test_a_message_survives_the_wire() -> None:
    sent = signalling.Description(call_id="c", generation=2, kind="offer", sdp="v=0")
    frame = signalling.decode_from_client(signalling.encode(sent, id="7"))
    assert (frame.message, frame.id) == (sent, "7")
