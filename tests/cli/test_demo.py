"""What the demo may delete, and when it says that it has begun."""

from pathlib import Path

import pytest

from common.errors import UserError
from tests.cli.conftest import Forked
from tools.demo.folder import fresh_data


def test_a_folder_of_somebody_else_is_never_deleted(forked: Forked) -> None:
    """``--out .`` where a bank keeps its data."""
    books = forked.home / "data" / "guitai.sqlite3"
    books.parent.mkdir()
    books.write_text("the books")
    said = forked("demo", "--headless", "--out", ".")
    assert (said.status, said.out) == (2, "")
    assert said.is_one_clear_line(), said.err
    assert str(books.parent) in said.err
    assert books.read_text() == "the books"


def test_what_a_demo_has_left_makes_room_for_the_next(tmp_path: Path) -> None:
    left = fresh_data(tmp_path / "out") / "vault" / "evidence"
    left.parent.mkdir()
    left.write_text("of the last visit")
    picture = tmp_path / "out" / "01-ready.png"
    picture.touch()
    again = fresh_data(tmp_path / "out")
    assert again.is_dir()
    assert not left.parent.exists()
    assert picture.exists()


def test_an_empty_folder_may_be_used(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    fresh_data(tmp_path)
    fresh_data(tmp_path)


@pytest.mark.parametrize("points_at", ["a demo's data", "nothing"])
def test_a_link_is_not_followed(tmp_path: Path, points_at: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    if points_at != "nothing":
        fresh_data(elsewhere)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "data").symlink_to(elsewhere / "data")
    with pytest.raises(UserError, match=r"cli\.out_not_ours"):
        fresh_data(tmp_path / "out")


def test_a_file_in_its_place_stays(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("mine")
    with pytest.raises(UserError, match=r"cli\.out_not_ours"):
        fresh_data(tmp_path)
    assert (tmp_path / "data").read_text() == "mine"
