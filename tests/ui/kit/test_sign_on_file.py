"""The credentials file that another process writes: waited for, and no longer than told."""

import asyncio
import json
from pathlib import Path

import pytest

from common.credentials import password_from, server_from
from common.errors import UserError
from ui.kit.sign_on import until_there


async def test_a_file_that_comes_ends_the_wait(tmp_path: Path) -> None:
    file = tmp_path / "sign-on.json"
    waiting = asyncio.ensure_future(until_there(file, 30.0))
    await asyncio.sleep(0)
    assert not waiting.done()
    file.write_text(json.dumps({"server": "http://127.0.0.1:9", "passwords": {"T-03": "x"}}), encoding="utf-8")
    await waiting
    assert (server_from(file), password_from(file, "T-03")) == ("http://127.0.0.1:9", "x")


async def test_a_file_that_never_comes_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        await until_there(tmp_path / "sign-on.json", 0.0)
    assert (refused.value.code, refused.value.params["file"]) == ("signon.credentials", "sign-on.json")


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"passwords": {}}'])
def test_a_file_without_an_address_leaves_the_setting(tmp_path: Path, text: str) -> None:
    file = tmp_path / "credentials.json"
    file.write_text(text, encoding="utf-8")
    assert server_from(file) is None
